#pragma once

#include "embed/onnx/inference.hpp"
#include "embed/onnx/job.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace chroma::embed::onnx {

/// A tokenizer and what computes its tokens.
struct Model {
  std::function<TokenIds(const std::string&)> tokenize;
  std::unique_ptr<Inference> inference;
};

/// A thread that runs a model for many calls. They take turns, a batch each.
class Worker {
 public:
  /// @param open is called once, on the thread; what it throws ends every job
  explicit Worker(std::function<Model()> open);
  /// Waits for the batch that is being computed. Jobs that are left do not finish.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Hands a job over to the thread, which finishes it unless it is abandoned. Any thread may call it.
  void submit(std::shared_ptr<Job> job);

 private:
  void work();
  [[nodiscard]] std::shared_ptr<Job> next_job();
  void enqueue(std::shared_ptr<Job> job);

  std::function<Model()> open_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> jobs_;
  bool is_closing_ = false;
  std::thread thread_;  // The last member: it uses the others.
};

}  // namespace chroma::embed::onnx

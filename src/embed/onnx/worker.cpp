#include "embed/onnx/worker.hpp"

#include <algorithm>
#include <utility>

namespace chroma::embed::onnx {
namespace {

// Limits of a batch: as many texts as in the Python client, and so many tokens that the intermediate results
// fit in the processor's cache. With 4096 tokens, long texts take a fifth more time and twice the memory.
constexpr std::size_t most_texts = 32;
constexpr std::size_t most_tokens = 512;
constexpr std::size_t window = 1024;  // Texts that are tokenized and sorted at once.

void tokenize_window(const Model& model, Job& job) {
  const std::size_t end = std::min(job.texts.size(), job.tokenized + window);
  job.window_begin = job.tokenized;
  job.tokens.clear();
  for (; job.tokenized < end && !job.stop_token().stop_requested(); ++job.tokenized) {
    job.tokens.push_back(model.tokenize(job.texts[job.tokenized]));
  }
  job.batches = make_batches(job.tokens, most_texts, most_tokens);
}

void compute_batch(const Model& model, Job& job) {
  const Batch batch = std::move(job.batches.back());
  job.batches.pop_back();
  std::vector<const TokenIds*> texts;
  for (const auto place : batch) texts.push_back(&job.tokens[place]);
  const Vectors vectors = model.inference->run(texts, job.stop_token());

  job.vectors.dimension = vectors.dimension;
  job.vectors.values.resize(job.texts.size() * vectors.dimension);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::copy_n(vectors.values.begin() + static_cast<std::ptrdiff_t>(i * vectors.dimension),
                vectors.dimension,
                job.vectors.values.begin() +
                    static_cast<std::ptrdiff_t>((job.window_begin + batch[i]) * vectors.dimension));
  }
}

// One batch of a job. True if the job has ended.
bool advance(const Model& model, Job& job) {
  try {
    if (job.stop_token().stop_requested()) return true;
    if (job.batches.empty()) tokenize_window(model, job);
    if (!job.batches.empty()) compute_batch(model, job);
    return job.batches.empty() && job.tokenized == job.texts.size();
  } catch (...) {
    job.failure = std::current_exception();
    return true;
  }
}

}  // namespace

Worker::Worker(std::function<Model()> open) : open_(std::move(open)), thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Worker::submit(std::shared_ptr<Job> job) {
  enqueue(std::move(job));
  changed_.notify_one();
}

void Worker::enqueue(std::shared_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
}

// Waits for a job; null if the worker closes.
std::shared_ptr<Job> Worker::next_job() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_closing_ || !jobs_.empty(); });
  if (is_closing_) return nullptr;
  auto job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

void Worker::work() {
  Model model;
  std::exception_ptr failure;
  try {
    model = open_();
  } catch (...) {
    failure = std::current_exception();
  }
  while (auto job = next_job()) {
    if (failure) {
      job->failure = failure;
      job->finish();
    } else if (advance(model, *job)) {
      job->finish();
    } else {
      enqueue(std::move(job));
    }
  }
}

}  // namespace chroma::embed::onnx

#pragma once

#include "embed/onnx/inference.hpp"
#include "embed/onnx/runtime.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace chroma::embed::onnx {

/// A sentence transformer that ONNX Runtime runs: the mean of the last hidden states of the tokens, of unit
/// length.
class Session final : public Inference {
 public:
  /// @param threads that compute one batch; 0: one a processor core
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError
  Session(std::shared_ptr<const Runtime> runtime, const std::filesystem::path& model, std::size_t threads);

  [[nodiscard]] Vectors run(std::span<const TokenIds* const> texts, std::stop_token stop) override;

 private:
  struct Input {
    std::string name;
    std::vector<std::int64_t> values;
  };

  [[nodiscard]] std::string name(std::size_t index, bool is_input) const;
  void fill_inputs(std::span<const TokenIds* const> texts, std::size_t length);
  [[nodiscard]] Owned<ort::Value> compute(std::size_t count, std::size_t length, const std::stop_token& stop);
  [[nodiscard]] std::size_t hidden_size(const ort::Value* output, std::size_t count,
                                        std::size_t length) const;

  std::shared_ptr<const Runtime> runtime_;
  Owned<ort::Env> env_;
  Owned<ort::MemoryInfo> memory_;
  Owned<ort::Session> session_;
  std::vector<Input> inputs_;  ///< Those that the model declares.
  std::string output_;
};

}  // namespace chroma::embed::onnx

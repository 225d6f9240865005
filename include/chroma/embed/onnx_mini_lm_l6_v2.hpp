#pragma once

/// @file
/// The model all-MiniLM-L6-v2, run in the process by ONNX Runtime. Component `chroma::onnx`.

#include <chroma/embedding_function.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::embed {

/// Settings of `OnnxMiniLmL6V2EmbeddingFunction`.
struct CHROMA_API OnnxMiniLmL6V2Options {
  OnnxMiniLmL6V2Options();

  /// Folder with `model.onnx` and `tokenizer.json` or `vocab.txt`. Empty: the cache of the Python client,
  /// `~/.cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx`.
  std::string model_directory;
  /// The shared library of ONNX Runtime 1.14 or newer, as a path. Empty: what the environment variable
  /// `CHROMA_ONNXRUNTIME` names, else the one that the system's loader finds.
  std::string runtime_library;
  /// Threads that compute one batch. 0: one a processor core.
  std::size_t threads = 0;
};

/// The model that Chroma collections use by default: 384 values of unit length a text, of which the first 256
/// tokens count. The vectors are those of the Python client's `DefaultEmbeddingFunction` to within 1e-5.
/// Documents and queries are embedded alike.
///
/// Neither the model nor ONNX Runtime is part of this library or downloaded by it. ONNX Runtime is loaded
/// when the function is made and stays loaded until the process ends.
///
/// The object owns a thread that tokenizes and computes, so that no executor is blocked; calls that are under
/// way at once take turns after each batch of at most 32 texts. A cancelled call ends at once, and its batch
/// soon after. The destructor waits for that.
///
/// Thread safety: distinct objects may be used from any thread, a const object from many at once. Copies
/// share the thread and the model.
class CHROMA_API OnnxMiniLmL6V2EmbeddingFunction final : public DenseEmbeddingFunction {
 public:
  /// Finds the files, loads ONNX Runtime and begins to load the model on the thread of its own. A model that
  /// cannot be loaded is reported by the first call.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if the model or ONNX Runtime is missing;
  /// the message says where both were looked for and how to get them
  explicit OnnxMiniLmL6V2EmbeddingFunction(OnnxMiniLmL6V2Options options = OnnxMiniLmL6V2Options());

  /// One row of 384 values for each text, in the order of the texts; an empty text is allowed.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_strs(std::vector<std::string> texts) const override;

  /// Name `default` without settings, which is what the Python client writes.
  [[nodiscard]] std::optional<EmbeddingFunctionConfiguration> configuration() const override;

 private:
  struct Engine;
  static boost::asio::awaitable<Embeddings> embed(std::shared_ptr<Engine> engine,
                                                  std::vector<std::string> texts);

  std::shared_ptr<Engine> engine_;
};

/// Lets the registry build this function where a configuration names it: `default`, `onnx_mini_lm_l6_v2`, and
/// `sentence_transformer` and `huggingface` if their model is all-MiniLM-L6-v2. All collections share one
/// object, which is made when the first of them needs it.
CHROMA_API Registry& add_onnx(Registry& registry, OnnxMiniLmL6V2Options options = OnnxMiniLmL6V2Options());

}  // namespace chroma::embed

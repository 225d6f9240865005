#pragma once

#include <filesystem>
#include <string>

namespace chroma::embed::onnx {

/// The files of a model.
struct ModelFiles {
  std::filesystem::path model;
  std::filesystem::path vocabulary;
};

/// Finds `model.onnx` and `tokenizer.json` or `vocab.txt` in one folder.
/// @param directory empty: the cache of the Python client
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError that says where they were looked for and how
/// to get them
[[nodiscard]] ModelFiles find_model_files(const std::string& directory);

}  // namespace chroma::embed::onnx

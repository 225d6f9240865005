#pragma once

#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>

#include <filesystem>
#include <string>

namespace chroma::test {

/// The folder that scripts/fetch-minilm fills; the tests that need it are skipped where it is absent.
inline const std::filesystem::path mini_lm_folder = CHROMA_MINILM_FOLDER;
constexpr const char* no_mini_lm = "the model is missing: scripts/fetch-minilm downloads it";

inline bool has_mini_lm() {
  return std::filesystem::exists(mini_lm_folder / "model.onnx");
}

inline chroma::embed::OnnxMiniLmL6V2Options mini_lm_options() {
  chroma::embed::OnnxMiniLmL6V2Options options;
  options.model_directory = mini_lm_folder.string();
  options.runtime_library = (mini_lm_folder / "libonnxruntime.so").string();
  options.threads = 2;
  return options;
}

}  // namespace chroma::test

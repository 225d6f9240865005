#include "embed/onnx/model_files.hpp"

#include "embed/onnx/fail.hpp"

#include <cstdlib>
#include <optional>
#include <system_error>

namespace chroma::embed::onnx {
namespace {

namespace fs = std::filesystem;

/// Where the Python client keeps the model; the archive below is unpacked one level above.
std::optional<fs::path> python_cache() {
#ifdef _WIN32
  const char* home = std::getenv("USERPROFILE");
#else
  const char* home = std::getenv("HOME");
#endif
  if (home == nullptr || *home == '\0') return std::nullopt;
  return fs::path(home) / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx";
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

[[noreturn]] void fail_missing(const std::string& where) {
  fail(
      "the model all-MiniLM-L6-v2 was not found: " + where +
      ". It needs model.onnx and tokenizer.json or vocab.txt. The Python client puts them into "
      "~/.cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx when its DefaultEmbeddingFunction is used first; by "
      "hand, unpack https://chroma-onnx-models.s3.amazonaws.com/all-MiniLM-L6-v2/onnx.tar.gz (sha256 "
      "913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3) in "
      "~/.cache/chroma/onnx_models/all-MiniLM-L6-v2, or set model_directory to a folder that has the files");
}

}  // namespace

ModelFiles find_model_files(const std::string& directory) {
  const auto folder = directory.empty() ? python_cache() : fs::path(directory);
  if (!folder) fail_missing("there is no home directory, because the environment variable HOME is not set");
  ModelFiles files;
  files.model = *folder / "model.onnx";
  if (!is_file(files.model)) fail_missing("there is no file " + files.model.string());
  for (const char* name : {"tokenizer.json", "vocab.txt"}) {
    files.vocabulary = *folder / name;
    if (is_file(files.vocabulary)) return files;
  }
  fail_missing("there is neither tokenizer.json nor vocab.txt in " + folder->string());
}

}  // namespace chroma::embed::onnx

#include "embed/onnx/runtime.hpp"

#include "embed/onnx/shared_library.hpp"

#include <chroma/error.hpp>

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chroma::embed::onnx {
namespace {

constexpr const char* variable = "CHROMA_ONNXRUNTIME";

/// File names that a system's loader may find. Debian 13 has its library under the last one; it prints some
/// 500 lines to the standard error stream when it creates its first session, so another one is preferred.
std::vector<std::string> default_names() {
#if defined(_WIN32)
  return {"onnxruntime.dll"};
#elif defined(__APPLE__)
  return {"libonnxruntime.1.dylib", "libonnxruntime.dylib"};
#else
  return {"libonnxruntime.so.1", "libonnxruntime.so", "libonnxruntime.so.1.21"};
#endif
}

std::vector<std::string> candidates(const std::string& library) {
  if (!library.empty()) return {library};
  if (const char* named = std::getenv(variable); named != nullptr && *named != '\0') return {named};
  return default_names();
}

}  // namespace

Runtime::Runtime(const std::string& library) {
  std::string failures;
  for (const auto& candidate : candidates(library)) {
    try {
      open(candidate);
      return;
    } catch (const std::exception& error) {
      failures += "\n  " + candidate + ": " + error.what();
    }
  }
  throw ChromaHttpClientError(EmbeddingFunctionError{
      "ONNX Runtime could not be loaded. Set runtime_library or the environment variable " +
      std::string(variable) +
      " to its shared library of version 1.14 or newer; the Python package onnxruntime has it as "
      "onnxruntime/capi/libonnxruntime.so.*, Debian 13 in the package libonnxruntime1.21. Tried were:" +
      failures});
}

void Runtime::open(const std::string& library) {
  using GetApiBase = const ort::ApiBase*();
  const auto* base = reinterpret_cast<GetApiBase*>(load_function(library, "OrtGetApiBase"))();
  version_ = base->get_version_string();
  table_ = base->get_api(ort::api_version);
  if (table_ == nullptr) throw std::runtime_error("version " + version_ + " is older than 1.14");
}

void Runtime::check(ort::Status* status) const {
  if (status == nullptr) return;
  std::string message = get<ort::GetErrorMessage>()(status);
  get<ort::ReleaseStatus>()(status);
  throw ChromaHttpClientError(EmbeddingFunctionError{"ONNX Runtime " + version_ + ": " + std::move(message)});
}

}  // namespace chroma::embed::onnx

#pragma once

#include "embed/onnx/ort_api.hpp"

#include <memory>
#include <string>

namespace chroma::embed::onnx {

/// ONNX Runtime, loaded. Any thread may call it.
class Runtime {
 public:
  /// @param library a path; empty: what the environment variable CHROMA_ONNXRUNTIME names, else what the
  /// system's loader finds
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError
  explicit Runtime(const std::string& library);

  /// Calls a function that returns a status. @throws ChromaHttpClientError of kind EmbeddingFunctionError
  template <class Entry, class... Arguments>
  void call(Arguments... arguments) const {
    check(get<Entry>()(arguments...));
  }

  /// Calls a function that creates an object, which is released by another function.
  template <class Create, class Release, class T, class... Arguments>
  [[nodiscard]] std::unique_ptr<T, void (*)(T*)> create(Arguments... arguments) const {
    T* object = nullptr;
    call<Create>(arguments..., &object);
    return {object, get<Release>()};
  }

  /// Calls a function whose only result is its last argument.
  template <class Entry, class T, class... Arguments>
  [[nodiscard]] T ask(Arguments... arguments) const {
    T value{};
    call<Entry>(arguments..., &value);
    return value;
  }

  /// For example "1.21.0".
  [[nodiscard]] const std::string& version() const noexcept { return version_; }

 private:
  template <class Entry>
  [[nodiscard]] typename Entry::Function* get() const noexcept {
    return reinterpret_cast<typename Entry::Function*>(table_[Entry::place]);
  }
  void open(const std::string& library);
  void check(ort::Status* status) const;

  const ort::AnyFunction* table_ = nullptr;
  std::string version_;
};

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

}  // namespace chroma::embed::onnx

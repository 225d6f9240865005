#pragma once

#include <string>

namespace chroma::embed::onnx {

/// Loads a shared library for the rest of the process and finds the function `symbol` in it. A library that
/// has started threads and registered destructors is not safe to unload.
/// @param library a path, or a file name that the system's loader looks for
/// @throws std::runtime_error with the message of the loader if the library or the function is missing
[[nodiscard]] void* load_function(const std::string& library, const char* symbol);

}  // namespace chroma::embed::onnx

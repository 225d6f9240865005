#pragma once

#include <string>

namespace chroma::embed {

/// The key of a provider: the one that is given, else the value of the environment variable; empty if there
/// is none. White space around it is removed.
[[nodiscard]] std::string find_api_key(const std::string& given, const std::string& variable);

/// @throws ChromaHttpClientOptionsError that says how to give the provider's key
[[noreturn]] void fail_without_api_key(const std::string& provider, const std::string& variable);

/// Returns the name of the variable that a collection's configuration gives. A collection may come from
/// somebody else, and the value of the variable is sent to a server that the same configuration names, so
/// only variables whose names contain `API_KEY` are accepted.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[nodiscard]] std::string require_key_variable(std::string name);

}  // namespace chroma::embed

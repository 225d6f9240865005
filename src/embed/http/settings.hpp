#pragma once

#include "core/buffer.hpp"
#include "json/fields.hpp"
#include "json/values.hpp"

#include <chroma/embed/http_options.hpp>
#include <chroma/error.hpp>
#include <chroma/index_config.hpp>

#include <optional>
#include <string>
#include <utility>

namespace chroma::embed {

/// What a factory gives to a function that it builds from a collection's configuration: timeouts, retries,
/// proxy, observer and logger of the client. Its TLS settings and its headers are for the Chroma server only.
void take_client_options(HttpEmbeddingOptions& options, const ChromaHttpClientOptions& client);

/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
[[noreturn]] void throw_unreadable_settings(const EmbeddingFunctionConfiguration& configuration,
                                            const ChromaHttpClientError& error);

/// Reads the settings of a configuration: a described type (json/fields.hpp).
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
template <json::Described Settings>
[[nodiscard]] Settings read_settings(const EmbeddingFunctionConfiguration& configuration) {
  try {
    return json::decode<Settings>(configuration.config());
  } catch (const ChromaHttpClientError& error) {
    throw_unreadable_settings(configuration, error);
  }
}

template <json::Described Settings>
[[nodiscard]] EmbeddingFunctionConfiguration write_settings(const char* name, const Settings& settings) {
  return EmbeddingFunctionConfiguration::known(name, std::string(json::encode(settings).view()));
}

/// The text as a setting that is left out when it is empty.
[[nodiscard]] inline std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace chroma::embed

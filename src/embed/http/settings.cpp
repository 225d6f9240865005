#include "embed/http/settings.hpp"

#include <chroma/options.hpp>

#include <algorithm>

namespace chroma::embed {

void take_client_options(HttpEmbeddingOptions& options, const ChromaHttpClientOptions& client) {
  options.request_timeout = client.request_timeout;
  options.connect_timeout = client.connect_timeout;
  options.retry_options = client.retry_options;
  options.proxy = client.proxy;
  options.observer = client.observer;
  options.logger = client.logger;
}

void throw_unreadable_settings(const EmbeddingFunctionConfiguration& configuration,
                               const ChromaHttpClientError& error) {
  throw ChromaHttpClientError(EmbeddingFunctionError{"the configuration of the embedding function \"" +
                                                     configuration.name() +
                                                     "\" cannot be read: " + error.what()});
}

std::string without_user_info(std::string url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  const auto at = url.substr(0, end).rfind('@');
  if (at != std::string::npos && at >= begin) url.erase(begin, at + 1 - begin);
  return url;
}

}  // namespace chroma::embed

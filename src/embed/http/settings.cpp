#include "embed/http/settings.hpp"

#include <chroma/options.hpp>

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

}  // namespace chroma::embed

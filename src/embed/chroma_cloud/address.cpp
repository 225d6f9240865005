#include "embed/chroma_cloud/address.hpp"

#include "embed/http/api_key.hpp"

#include <chroma/options.hpp>

#include <cstdlib>
#include <utility>

namespace chroma::embed::chroma_cloud {
namespace {

std::string service_url(const ChromaCloudEmbeddingOptions& options) {
  if (!options.embed_url.empty()) return options.embed_url;
  const char* url = std::getenv("CHROMA_EMBED_URL");
  return url != nullptr && *url != '\0' ? url : "https://embed.trychroma.com";
}

}  // namespace

ServiceAddress address_of(const ChromaCloudEmbeddingOptions& options, const std::string& model,
                          std::string operation) {
  ServiceAddress address;
  address.operation = std::move(operation);
  address.endpoint = service_url(options);
  address.secret = find_api_key(options.api_key, options.api_key_env_var);
  if (address.secret.empty()) fail_without_api_key("Chroma Cloud", options.api_key_env_var);
  const auto key = ChromaAuthMethod::cloud_api_key(address.secret);
  address.headers.emplace_back(key.name(), key.value());
  address.headers.emplace_back("x-chroma-embedding-model", model);
  return address;
}

}  // namespace chroma::embed::chroma_cloud

// The functions that make options for a local server, from environment variables, and for Chroma Cloud.
#include "core/utf8.hpp"
#include "transport/url.hpp"

#include <chroma/options.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace chroma {
namespace {

constexpr const char* cloud_endpoint = "https://api.trychroma.com";

/// As in the Rust crate, a value that is not valid UTF-8 counts as unset, and an empty value as set.
std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || !core::is_valid_utf8(value)) return std::nullopt;
  return std::string(value);
}

std::string endpoint_or(const char* fallback) {
  auto endpoint = variable("CHROMA_ENDPOINT").value_or(fallback);
  try {
    static_cast<void>(transport::parse_url(endpoint));
  } catch (const std::invalid_argument& error) {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::InvalidEndpoint,
                                       std::string("Invalid endpoint URL: CHROMA_ENDPOINT: ") + error.what());
  }
  return endpoint;
}

}  // namespace

ChromaHttpClientOptions ChromaHttpClientOptions::local(std::string url) {
  ChromaHttpClientOptions options;
  options.endpoint = std::move(url);
  options.tenant_id = "default_tenant";
  options.database_name = "default_database";
  return options;
}

ChromaHttpClientOptions ChromaHttpClientOptions::from_env() {
  auto options = local(endpoint_or("http://localhost:8000"));
  if (auto tenant = variable("CHROMA_TENANT")) options.tenant_id = std::move(tenant);
  if (auto database = variable("CHROMA_DATABASE")) options.database_name = std::move(database);
  return options;
}

ChromaHttpClientOptions ChromaHttpClientOptions::from_cloud_env() {
  ChromaHttpClientOptions options;
  options.endpoint = endpoint_or(cloud_endpoint);
  auto key = variable("CHROMA_API_KEY");
  if (!key) {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration,
                                       "Missing required configuration: CHROMA_API_KEY");
  }
  options.auth_method = ChromaAuthMethod::cloud_api_key(std::move(*key));
  options.tenant_id = variable("CHROMA_TENANT");
  options.database_name = variable("CHROMA_DATABASE");
  return options;
}

ChromaHttpClientOptions ChromaHttpClientOptions::cloud(std::string api_key, std::string database) {
  auto options = cloud_admin(std::move(api_key));
  options.database_name = std::move(database);
  return options;
}

ChromaHttpClientOptions ChromaHttpClientOptions::cloud_admin(std::string api_key) {
  ChromaHttpClientOptions options;
  options.endpoint = cloud_endpoint;
  options.auth_method = ChromaAuthMethod::cloud_api_key(std::move(api_key));
  return options;
}

}  // namespace chroma

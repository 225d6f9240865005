#include "core/header_text.hpp"

#include <chroma/options.hpp>

#include <ostream>
#include <string>

namespace chroma {
namespace {

std::string prefixed(ChromaHttpClientOptionsError::Kind kind, const std::string& reason) {
  switch (kind) {
    case ChromaHttpClientOptionsError::Kind::InvalidHeaderValue:
      return "Invalid header value: " + reason;
    case ChromaHttpClientOptionsError::Kind::InvalidEndpoint:
      return "Invalid endpoint URL: " + reason;
    case ChromaHttpClientOptionsError::Kind::MissingConfiguration:
      return "Missing required configuration: " + reason;
  }
  return reason;
}

[[noreturn]] void refuse(const std::string& reason) {
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::InvalidHeaderValue,
                                     "failed to parse header value: " + reason);
}

}  // namespace

ChromaHttpClientOptionsError::ChromaHttpClientOptionsError(Kind kind, const std::string& reason)
    : std::runtime_error(prefixed(kind, reason)), kind_(kind) {}

ChromaAuthMethod ChromaAuthMethod::none() {
  return {};
}

ChromaAuthMethod ChromaAuthMethod::cloud_api_key(std::string key) {
  if (core::trimmed(key).empty()) refuse("the API key is empty");
  return header("x-chroma-token", std::move(key));
}

ChromaAuthMethod ChromaAuthMethod::header(std::string name, std::string value) {
  if (!core::is_header_name(name)) refuse("'" + name + "' cannot be the name of a header");
  const auto content = core::trimmed(value);
  if (!core::is_header_value(content)) {
    refuse("the value of " + name + " has characters other than visible ASCII, blanks and tabs");
  }
  ChromaAuthMethod auth;
  auth.name_ = std::move(name);
  auth.value_ = content;
  return auth;
}

std::ostream& operator<<(std::ostream& out, const ChromaAuthMethod& auth) {
  return auth.name_.empty() ? out << "no authentication" : out << auth.name_ << ": [secret]";
}

}  // namespace chroma

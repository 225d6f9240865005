#include "core/ascii.hpp"
#include "core/header_text.hpp"

#include <chroma/options.hpp>

#include <ostream>
#include <string>

namespace chroma {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::InvalidHeaderValue,
                                     "Invalid header value: failed to parse header value: " + reason);
}

}  // namespace

ChromaHttpClientOptionsError::ChromaHttpClientOptionsError(Kind kind, const std::string& message)
    : std::runtime_error(message), kind_(kind) {}

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

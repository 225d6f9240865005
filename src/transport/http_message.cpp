#include "transport/http_message.hpp"

#include "core/ascii.hpp"
#include "core/header_text.hpp"

namespace chroma::transport {

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (core::same_header_name(key, name)) return value;
  }
  return {};
}

std::string_view HttpResponse::content_coding() const noexcept {
  const auto coding = core::trimmed(header("content-encoding"));
  return core::same_header_name(coding, "identity") ? std::string_view() : coding;
}

}  // namespace chroma::transport

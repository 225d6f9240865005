#include "client/path.hpp"

#include "core/utf8.hpp"
#include "transport/url.hpp"

#include <chroma/error.hpp>

namespace chroma::detail {
namespace {

[[noreturn]] void refuse(std::string_view field, std::string reason) {
  throw ChromaHttpClientError(ValidationError{std::move(reason), std::string(field)});
}

}  // namespace

void require_name(std::string_view field, std::string_view name) {
  if (name.empty()) refuse(field, "must not be empty");
  if (name == "." || name == "..") {
    refuse(field, "must not be \"" + std::string(name) +
                      "\": proxies resolve this path segment, so the request would reach another resource");
  }
  if (!core::is_valid_utf8(name)) refuse(field, "is not valid UTF-8");
}

Path& Path::name(std::string_view field, std::string_view name) & {
  require_name(field, name);
  text_ += '/';
  text_ += transport::encode_segment(name);
  return *this;
}

}  // namespace chroma::detail

#pragma once

#include <chroma/options.hpp>

#include <string_view>

namespace chroma::transport {

/// Adds a header that a user has given, in place of one of the same name. The value is trimmed.
/// @throws ChromaHttpClientOptionsError if HTTP does not allow the name or the value, or if the transport
/// sets that header itself
void set_header(Headers& headers, std::string_view name, std::string_view value);

/// `set_header` for each of `more`, in their order.
void set_headers(Headers& headers, const Headers& more);

}  // namespace chroma::transport

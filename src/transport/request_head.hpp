#pragma once

#include "transport/connector.hpp"
#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <string>
#include <string_view>

namespace chroma::transport {

/// The head of a request as it goes over the wire, up to and including the empty line.
/// @param target replaces the request's own, because a redirect may have changed it
/// @param common headers that are sent too, unless the request has one of the same name
/// @throws ChromaHttpClientError with ValidationError if a line end or NUL would change the request's shape
[[nodiscard]] std::string format_request_head(const HttpRequest& request, std::string_view target,
                                              const Origin& origin, const Headers& common,
                                              const Route& route);

}  // namespace chroma::transport

#pragma once

#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chroma::transport {

/// The target of the next request if the response is a redirect that can be followed; nothing if it is not a
/// redirect. Method and body do not change. Redirects to another origin are an error, so that credentials are
/// never sent there.
/// @param target the target of the request, to which a relative location refers
/// @throws ChromaHttpClientError with RequestError (decode) for a redirect that must not be followed
[[nodiscard]] std::optional<std::string> redirect_target(const HttpResponse& response, const Origin& origin,
                                                         std::string_view method, std::string_view target);

/// @throws ChromaHttpClientError with RequestError (decode) that says so
[[noreturn]] void fail_too_many_redirects(const Origin& origin, std::size_t followed);

}  // namespace chroma::transport

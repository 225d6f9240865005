#pragma once

#include "transport/http_message.hpp"
#include "transport/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chroma::transport {

/// The target to ask next if the answer is a redirect that can be followed; nothing if it is none. Method and
/// body stay as they are. No redirect leads to another origin, so credentials stay where they belong.
/// @param target what was asked, the base of a relative location
/// @throws ChromaHttpClientError with RequestError (decode) for a redirect that must not be followed
[[nodiscard]] std::optional<std::string> redirect_target(const HttpResponse& response, const Origin& origin,
                                                         std::string_view method, std::string_view target);

/// @throws ChromaHttpClientError with RequestError (decode) that says so
[[noreturn]] void fail_too_many_redirects(const Origin& origin, std::size_t followed);

}  // namespace chroma::transport

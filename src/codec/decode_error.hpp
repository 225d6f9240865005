#pragma once

#include <chroma/error.hpp>

#include <string_view>

namespace chroma::codec {

/// What can be said of an answer with a status that is no success, from whomever it comes: Chroma's own
/// envelope, JSON of another form (gateways, other frameworks), a page of HTML, plain text, nothing at all.
/// There is always a message. No form of `body` makes it throw.
[[nodiscard]] ApiError decode_error(int status, std::string_view body);

}  // namespace chroma::codec

#pragma once

#include <chroma/error.hpp>

#include <string_view>

namespace chroma::codec {

/// Decodes an error response of Chroma or of any other server: the error object of Chroma, JSON of another
/// form (gateways, other frameworks), an HTML page, plain text, or an empty body. The result always has a
/// message. Does not throw for any `body`.
[[nodiscard]] ApiError decode_error(int status, std::string_view body);

}  // namespace chroma::codec

#pragma once

#include <chroma/error.hpp>

#include <system_error>

namespace chroma::core {

/// True if the same request may succeed later. Permanent are an error that TLS itself reports, such as a
/// certificate that is not trusted (a connection that was lost during the handshake is not), and a refusal by
/// a proxy whose code is permission_denied.
[[nodiscard]] bool is_transient(Stage stage, const std::error_code& code) noexcept;

/// True if the same request may succeed later after a response with this status: 429, 500, 502, 503, 504.
[[nodiscard]] bool is_transient(int status) noexcept;

}  // namespace chroma::core

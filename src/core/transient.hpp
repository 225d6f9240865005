#pragma once

#include <chroma/error.hpp>

#include <system_error>

namespace chroma::core {

/// True if the failure may be gone at the next try. What TLS itself refuses, such as a certificate, it will
/// refuse again; a connection that was lost while it shook hands may come back.
[[nodiscard]] bool is_transient(Stage stage, const std::error_code& code) noexcept;

/// True if the same request may succeed later after a response with this status: 429, 500, 502, 503, 504.
[[nodiscard]] bool is_transient(int status) noexcept;

}  // namespace chroma::core

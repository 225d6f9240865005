#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The head of a response as it is before Beast parses it. Beast reads only what the grammar of HTTP allows;
/// curl, Python's http.client and hyper (the crate's HTTP library) all read somewhat more, and so do these
/// functions.
namespace chroma::transport {

/// False if the bytes cannot begin a response of HTTP/1: they must match "HTTP/1.d ddd", as far as they go.
[[nodiscard]] bool begins_response(std::string_view bytes) noexcept;

/// The length of the head at the beginning of `bytes`, up to and including the empty line; 0 if the head is
/// not complete. @param scanned how many of the bytes an earlier call has looked at; updated
[[nodiscard]] std::size_t head_length(std::string_view bytes, std::size_t& scanned) noexcept;

/// True if the head has the form that Beast reads. @pre the head is complete
[[nodiscard]] bool is_strict(std::string_view head);

/// The head in the form that Beast reads:
/// - lines that end in LF alone end in CR LF;
/// - a status line without a reason phrase, "HTTP/1.1 200", gets the space that must follow the status;
/// - content-length is left out if the body is chunked, which overrides it (RFC 9112, 6.3);
/// - transfer-encoding is there once if several fields all say "chunked" and nothing else;
/// - connection and proxy-connection with a value that is no list of tokens become "connection: close".
/// @pre the head is complete
[[nodiscard]] std::string strict_form(std::string_view head);

}  // namespace chroma::transport

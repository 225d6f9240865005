#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chroma::core {

/// Prepares text that a server sent for a log line or an error: control characters and bytes that are not
/// UTF-8 become '?', and a text longer than `most_bytes` is cut and ends in "...".
[[nodiscard]] std::string display_text(std::string_view text, std::size_t most_bytes = 1024);

}  // namespace chroma::core

#include "transport/chunk_decoder.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace chroma::transport {

std::size_t ChunkDecoder::decode(std::string_view input, core::Buffer& body) {
  const std::size_t size = input.size();
  while (!input.empty() && !done() && !malformed()) {
    if (state_ == State::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(missing_, input.size()));
      body.append(input.substr(0, count));
      input.remove_prefix(count);
      missing_ -= count;
      if (missing_ == 0) state_ = State::end_of_data;
      continue;
    }
    if (state_ == State::end_of_data && input.front() != '\r') {
      state_ = State::malformed;
      break;
    }
    const auto end = input.find('\n');
    if (end == std::string_view::npos) break;
    std::string_view line = input.substr(0, end);
    input.remove_prefix(end + 1);
    if (!line.ends_with('\r')) {
      state_ = State::malformed;
      break;
    }
    line.remove_suffix(1);
    if (state_ == State::size) {
      read_size(line);
    } else if (state_ == State::end_of_data) {
      state_ = line.empty() ? State::size : State::malformed;
    } else {
      trailer_bytes_ += line.size();
      if (line.empty()) state_ = State::done;
    }
  }
  return size - input.size();
}

void ChunkDecoder::read_size(std::string_view line) {
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), missing_, 16);
  const std::string_view rest =
      core::trimmed(line.substr(static_cast<std::size_t>(parsed.ptr - line.data())));
  if (parsed.ec != std::errc() || !(rest.empty() || rest.starts_with(';'))) {
    state_ = State::malformed;
  } else {
    state_ = missing_ == 0 ? State::trailer : State::data;
  }
}

}  // namespace chroma::transport

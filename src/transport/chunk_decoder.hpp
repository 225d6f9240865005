#pragma once

#include "core/buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chroma::transport {

/// Takes a chunked body apart (RFC 9112, section 7.1). Chunk extensions and trailers are skipped. It is our
/// own because Beast's asserts on a last chunk that arrives in pieces, and refuses spaces after the size of a
/// chunk, which curl, Python's http.client and hyper accept.
class ChunkDecoder {
 public:
  /// Appends the data in `input` to `body` and gives back how many bytes of `input` it took. What is left is
  /// the beginning of a line and has to be given again with what follows.
  std::size_t decode(std::string_view input, core::Buffer& body);

  /// True if the body is complete.
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }
  /// True if the input is not a chunked body.
  [[nodiscard]] bool malformed() const noexcept { return state_ == State::malformed; }
  /// How many bytes of the current chunk have not arrived yet.
  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }
  /// How many bytes of trailers there were so far.
  [[nodiscard]] std::size_t trailer_bytes() const noexcept { return trailer_bytes_; }

 private:
  enum class State { size, data, end_of_data, trailer, done, malformed };

  void read_size(std::string_view line);

  State state_ = State::size;
  std::uint64_t missing_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace chroma::transport

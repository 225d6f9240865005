#include "codec/embeddings.hpp"
#include "core/base64.hpp"
#include "json/number_text.hpp"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace chroma {
namespace {

// The usual length of a 32-bit float as text with its comma. If a number is longer, the buffer grows.
constexpr std::size_t usual_number = 12;

// Floats in base64 are little-endian.
void write_base64(core::Buffer& out, std::span<const float> row) {
  const std::size_t bytes = row.size() * sizeof(float);
  const std::size_t size = core::base64_size(bytes);
  char* begin = out.prepare(size + 3);
  *begin = '"';
  if constexpr (std::endian::native == std::endian::little) {
    core::base64_encode(row.data(), bytes, begin + 1);
  } else {
    std::vector<std::uint32_t> swapped;
    swapped.reserve(row.size());
    for (const float value : row) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      swapped.push_back(bits >> 24 | (bits >> 8 & 0xFF00) | (bits << 8 & 0xFF0000) | bits << 24);
    }
    core::base64_encode(swapped.data(), bytes, begin + 1);
  }
  begin[size + 1] = '"';
  out.commit(size + 2);
}

void write_numbers(core::Buffer& out, std::span<const float> row) {
  out.push_back('[');
  bool first = true;
  for (const float value : row) {
    char* begin = out.prepare(json::max_number_text + 1);
    char* end = begin;
    if (!first) *end++ = ',';
    first = false;
    end = json::format_number(end, value);
    out.commit(static_cast<std::size_t>(end - begin));
  }
  out.push_back(']');
}

}  // namespace

void write_embeddings(json::Writer& out, const Embeddings& embeddings, bool base64) {
  out.raw('[');
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    if (i > 0) out.raw(',');
    if (!embeddings.has_row(i)) {
      out.null();
    } else if (base64) {
      write_base64(out.buffer(), embeddings[i]);
    } else {
      write_numbers(out.buffer(), embeddings[i]);
    }
  }
  out.raw(']');
}

std::size_t written_size(const Embeddings& embeddings, bool base64) {
  std::size_t size = 2;
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    const std::size_t values = embeddings[i].size();
    // Quotes, comma and the NUL that the base64 encoder appends; or brackets, comma and the null of a missing
    // row.
    size += base64 ? core::base64_size(values * sizeof(float)) + 4 : values * usual_number + 5;
  }
  return size;
}

}  // namespace chroma

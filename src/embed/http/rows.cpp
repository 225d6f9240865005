#include "embed/http/rows.hpp"

#include "core/base64.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace chroma::embed {
namespace {

std::vector<float> read_base64(json::Reader& in) {
  const char* begin = in.cursor();
  const auto bytes = core::base64_decode(in.string());
  if (!bytes || bytes->size() % sizeof(float) != 0) in.fail_at(begin, "expected base64 of 32-bit floats");
  std::vector<float> row(bytes->size() / sizeof(float));
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t k = sizeof(float); k > 0; --k) {
      bits = bits << 8 | static_cast<unsigned char>((*bytes)[i * sizeof(float) + k - 1]);
    }
    row[i] = std::bit_cast<float>(bits);
  }
  return row;
}

}  // namespace

std::vector<float> read_row(json::Reader& in) {
  if (in.peek() == json::Reader::Kind::string) return read_base64(in);
  std::vector<float> row;
  in.begin_array();
  while (in.next_element()) {
    row.push_back(in.take_null() ? std::numeric_limits<float>::quiet_NaN() : in.float32());
  }
  return row;
}

Embeddings read_rows(json::Reader& in) {
  std::vector<std::vector<float>> rows;
  in.begin_array();
  while (in.next_element()) rows.push_back(read_row(in));
  return Embeddings(std::move(rows));
}

}  // namespace chroma::embed

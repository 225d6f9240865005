// Sends 32-bit floats through the codec and compares the bits of what comes back: as JSON (finite floats,
// which are all that an operation sends) by the reader of whole rows and number by number, and as base64
// (all).
//
//   chroma_every_float PART PARTS   the floats whose bits are PART modulo PARTS
//
// "0 1" is all of them and takes some minutes of an optimized build.
#include "codec/embeddings.hpp"
#include "json/number_text.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chroma::Embeddings;

constexpr std::size_t row_length = 512;
constexpr std::size_t matrix_length = 16 * row_length;

[[noreturn]] void fail(const char* how, float sent, float received) {
  std::cerr << how << ": bits " << std::hex << std::bit_cast<std::uint32_t>(sent) << " came back as "
            << std::bit_cast<std::uint32_t>(received) << '\n';
  std::exit(EXIT_FAILURE);
}

void compare(const char* how, float sent, float received) {
  if (std::bit_cast<std::uint32_t>(sent) != std::bit_cast<std::uint32_t>(received)) fail(how, sent, received);
}

std::string_view write(chroma::core::Buffer& out, std::span<const float> values, bool base64) {
  out.clear();
  chroma::json::Writer writer(out);
  chroma::write_embeddings(writer, Embeddings::view(values, row_length), base64);
  return out.view();
}

void read_rows(const char* how, std::string_view json, std::span<const float> sent) {
  chroma::json::Reader reader(json);
  const Embeddings rows = chroma::read_embeddings(reader, 0);
  reader.finish();
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const float value : rows[i]) compare(how, sent[count++], value);
  }
  if (count != sent.size()) throw std::runtime_error("another number of floats was read than was written");
}

void read_one_by_one(std::string_view json, std::span<const float> sent) {
  const char* p = json.data();
  const char* const end = p + json.size();
  for (const float value : sent) {
    while (*p == '[' || *p == ']' || *p == ',') ++p;
    float received = 0;
    p = chroma::json::parse_float32(p, end, received);
    if (p == nullptr) throw std::runtime_error("a float could not be read");
    compare("JSON, one by one", value, received);
  }
}

void check(std::vector<float>& values, chroma::core::Buffer& buffer) {
  read_rows("base64", write(buffer, values, true), values);
  std::erase_if(values, [](float value) { return !std::isfinite(value); });
  const std::string_view json = write(buffer, values, false);
  read_rows("JSON", json, values);
  read_one_by_one(json, values);
}

std::uint64_t check_part(std::uint64_t part, std::uint64_t parts) {
  std::vector<float> values;
  values.reserve(matrix_length);
  chroma::core::Buffer buffer;
  std::uint64_t count = 0;
  for (std::uint64_t bits = part; bits < std::uint64_t(1) << 32; bits += parts) {
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    ++count;
    if (values.size() < matrix_length) continue;
    check(values, buffer);
    values.clear();
  }
  check(values, buffer);
  return count;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::uint64_t part = argc == 3 ? std::stoull(argv[1]) : 0;
  const std::uint64_t parts = argc == 3 ? std::stoull(argv[2]) : 0;
  if (part >= parts) {
    std::cerr << "usage: chroma_every_float PART PARTS\n";
    return 2;
  }
  std::cout << check_part(part, parts) << " floats came back bit for bit\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

// Numbers are read and written in the same way in every floating-point environment of the caller.
#include "codec/embeddings.hpp"
#include "codec/records.hpp"
#include "json/values.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace chroma::codec {
namespace {

/// Sets a floating-point environment and restores the previous one at the end.
class EnvironmentTest : public testing::TestWithParam<int> {
 protected:
  EnvironmentTest() {
    std::fegetenv(&before_);
#if defined(__SSE2__) || defined(_M_X64)
    // Treats subnormal numbers as zeros, as programs do that compute with many of them.
    if (GetParam() < 0) _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
    if (GetParam() >= 0) std::fesetround(GetParam());
  }
  ~EnvironmentTest() override {
    std::fesetenv(&before_);
  }

 private:
  std::fenv_t before_{};
};

// Sums that depend on the environment, computed by integer operations so that they do not.
std::vector<std::uint32_t> float_bits() {
  std::vector<std::uint32_t> all{0x3DCCCCCD, 0x47F12065, 0x00000001, 0x807FFFFF, 0x00800000, 0x7F7FFFFF};
  std::mt19937 random(5);
  while (all.size() < 20'000) {
    auto bits = static_cast<std::uint32_t>(random());
    if (all.size() % 2 == 0) bits = (bits & 0x80FFFFFF) | 0x3C000000;  // as large as embeddings are
    if ((bits & 0x7F800000) != 0x7F800000) all.push_back(bits);
  }
  return all;
}

std::vector<float> floats() {
  std::vector<float> all;
  for (const auto bits : float_bits()) all.push_back(std::bit_cast<float>(bits));
  return all;
}

std::string text_of(const auto& value) {
  const core::Buffer text = json::encode(value);
  return std::string(text.view());
}

std::vector<std::uint32_t> bits_of(const Embeddings& embeddings) {
  std::vector<std::uint32_t> bits;
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    for (const float value : embeddings[i]) bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

// Computed in the default environment, before a test has set another one.
const std::string float_text = text_of(Embeddings::row(floats()));
const std::string doubles = text_of(std::vector<double>{0.1, 1e-300, 5e-324, 2.0 / 3, 1e22 / 7, 123456.789});
// Texts of every length whose values are between two floats.
std::string longer_texts() {
  std::string numbers = "[[1";
  std::mt19937 random(9);
  for (std::size_t length = 1; length <= 40; ++length) {
    for (int i = 0; i < 50; ++i) {
      numbers += ",0.";
      for (std::size_t k = 0; k < length; ++k) numbers += static_cast<char>('0' + random() % 10);
      if (i % 5 == 4) numbers += "e-" + std::to_string(random() % 45);
    }
  }
  return numbers + "]]";
}
const std::string unusual = longer_texts();
const std::vector<std::uint32_t> unusual_bits = bits_of(decode<Embeddings>(unusual));
const std::vector<double> read_doubles = json::decode<std::vector<double>>(doubles);

TEST_P(EnvironmentTest, FloatsAreWrittenAlike) {
  EXPECT_EQ(text_of(Embeddings::row(floats())), float_text);
  EXPECT_EQ(text_of(read_doubles), doubles);
}

TEST_P(EnvironmentTest, FloatsAreReadAlike) {
  EXPECT_EQ(bits_of(decode<Embeddings>(float_text)), float_bits());
  EXPECT_EQ(bits_of(decode<Embeddings>(unusual)), unusual_bits);
}

TEST_P(EnvironmentTest, DoublesAreReadAlike) {
  const auto again = json::decode<std::vector<double>>(doubles);
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(again[i]), std::bit_cast<std::uint64_t>(read_doubles[i])) << i;
  }
}

TEST_P(EnvironmentTest, IsTheCallersAgainAfterwards) {
  const int mode = std::fegetround();
  const volatile float smallest = 1e-38F;
  const float half = smallest / 2;
  static_cast<void>(decode<Embeddings>(float_text));
  static_cast<void>(text_of(read_doubles));
  EXPECT_THROW(static_cast<void>(decode<Embeddings>("[[0.5,x]]")), ChromaHttpClientError);
  EXPECT_EQ(std::fegetround(), mode);
  EXPECT_EQ(smallest / 2, half);
}

INSTANTIATE_TEST_SUITE_P(All, EnvironmentTest,
                         testing::Values(FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, -1));

}  // namespace
}  // namespace chroma::codec

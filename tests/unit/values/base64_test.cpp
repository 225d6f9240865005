#include "core/base64.hpp"

#include "core/base64_encoders.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace chroma::core {
namespace {

// Encodes bit by bit, as RFC 4648 describes it.
std::string reference(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 6) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 6; ++i) {
      const unsigned byte = i / 8 < bytes.size() ? static_cast<unsigned char>(bytes[i / 8]) : 0;
      value = value << 1 | (byte >> (7 - i % 8) & 1);
    }
    text.push_back(alphabet[value]);
  }
  while (text.size() % 4 != 0) text.push_back('=');
  return text;
}

std::string random_bytes(std::size_t size) {
  std::mt19937 random(static_cast<std::uint32_t>(size));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(Base64Test, EncodesAsTheStandardSays) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64Test, HasAnEncoderForEachProcessor) {
  ASSERT_FALSE(base64_encoders().empty());
  EXPECT_TRUE(base64_encoders().back().is_supported());
  EXPECT_STREQ(base64_encoders().back().name, "plain");
}

// Every length and every alignment of input and output, in heap blocks of exactly that size, so that
// AddressSanitizer reports accesses beyond them.
TEST(Base64Test, AllEncodersWriteTheSame) {
  for (const Base64Encoder& encoder : base64_encoders()) {
    if (!encoder.is_supported()) continue;
    SCOPED_TRACE(encoder.name);
    for (std::size_t size = 0; size <= 300; ++size) {
      const std::string bytes = random_bytes(size);
      const std::string expected = reference(bytes);
      for (std::size_t offset = 0; offset < 32; ++offset) {
        const auto input = std::make_unique<char[]>(offset + size);
        std::copy(bytes.begin(), bytes.end(), input.get() + offset);
        const std::size_t out_offset = offset * 7 % 32;
        const auto output = std::make_unique<char[]>(out_offset + base64_size(size) + 1);
        base64_encode(encoder, input.get() + offset, size, output.get() + out_offset);
        ASSERT_EQ(std::string_view(output.get() + out_offset), expected) << size << " bytes at " << offset;
      }
    }
  }
}

// Each value of six bits at each position of a vector.
TEST(Base64Test, AllEncodersKnowEachCharacterAtEachPlace) {
  for (const Base64Encoder& encoder : base64_encoders()) {
    if (!encoder.is_supported()) continue;
    for (std::size_t group = 0; group < 64; ++group) {
      std::string bytes;
      for (std::size_t place = 0; place < 64; ++place) {
        const auto value = static_cast<std::uint32_t>((group + place) % 64) * 0x041041;
        for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
      }
      std::string text(base64_size(bytes.size()) + 1, '\0');
      base64_encode(encoder, bytes.data(), bytes.size(), text.data());
      text.pop_back();
      ASSERT_EQ(text, reference(bytes)) << encoder.name;
    }
  }
}

// The last encoder is the plain one, which is OpenSSL's.
TEST(Base64Test, AllEncodersAgreeOnLongInput) {
  std::mt19937 random(5);
  for (int i = 0; i < 30; ++i) {
    const std::string bytes = random_bytes(300 + random() % 100'000);
    std::string expected(base64_size(bytes.size()) + 1, '\0');
    base64_encode(base64_encoders().back(), bytes.data(), bytes.size(), expected.data());
    for (const Base64Encoder& encoder : base64_encoders()) {
      if (!encoder.is_supported()) continue;
      std::string text(expected.size(), '\0');
      base64_encode(encoder, bytes.data(), bytes.size(), text.data());
      ASSERT_EQ(text, expected) << encoder.name << ", " << bytes.size() << " bytes";
    }
    expected.pop_back();
    ASSERT_EQ(base64_decode(expected), bytes);
  }
}

TEST(Base64Test, DecodesWhatWasEncoded) {
  for (std::size_t size = 0; size <= 200; ++size) {
    const std::string bytes = random_bytes(size);
    ASSERT_EQ(base64_decode(reference(bytes)), bytes) << size;
  }
}

TEST(Base64Test, RefusesWhatIsNotCanonical) {
  for (const std::string_view text :
       {"A",    "AA",       "AAA",      "AAAAA", "=",       "====",         "A===",     "AA=A",
        "=AAA", "AA==AAAA", "AAA=AAAA", "AAA\n", "\nAAA",   "AAAA\n\n\n\n", "    AAAA", "AAAA    ",
        "AA A", "AAAA----", "AA-_",     "AA..",  "AAA\x80", "AB==",         "AAB=",     "AA\0A"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64_decode(std::string_view("AA\0A", 4)), std::nullopt);
  EXPECT_EQ(base64_decode("AQ=="), "\x01");
  EXPECT_EQ(base64_decode("AAE="), std::string("\0\x01", 2));
}

// Each byte at each position of a text: the text is decoded if and only if the byte belongs to the alphabet.
TEST(Base64Test, KnowsItsAlphabet) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < 12; ++place) {
      std::string text = "AAAAAAAAAAAA";
      text[place] = static_cast<char>(byte);
      const bool is_digit = alphabet.find(text[place]) != std::string_view::npos;
      const bool is_padding = byte == '=' && place == 11;
      const auto bytes = base64_decode(text);
      ASSERT_EQ(bytes.has_value(), is_digit || is_padding) << byte << " at " << place;
      if (bytes) {
        ASSERT_EQ(base64_encode(*bytes), text);
      }
    }
  }
}

}  // namespace
}  // namespace chroma::core

#include "embed/onnx/normalizer.hpp"

#include <cstdint>
#include <new>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

namespace chroma::embed::onnx {
namespace {

constexpr UChar32 replacement = 0xFFFD;

bool is_younger_than_unicode_8(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 8;
}

// Whether `c` is of one of these general categories in Unicode 8.
bool is_in(UChar32 c, std::uint32_t categories) {
  return (U_GET_GC_MASK(c) & categories) != 0 && !is_younger_than_unicode_8(c);
}

bool is_dropped(UChar32 c) {
  if (c < 0 || c == 0 || c == replacement) return true;
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return is_in(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool is_space(UChar32 c) {
  return u_isUWhiteSpace(c);
}

// The blocks that the reference has, which leaves out U+2B820 to U+2B91F.
bool is_ideograph(UChar32 c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool is_punctuation(UChar32 c) {
  if (c < 128) return c > ' ' && c != 127 && !u_isalnum(c);  // Symbols of ASCII too.
  return is_in(c, U_GC_P_MASK);
}

void append_utf16(std::u16string& text, UChar32 c) {
  if (c > 0xFFFF) text.push_back(static_cast<char16_t>(U16_LEAD(c)));
  text.push_back(static_cast<char16_t>(c > 0xFFFF ? U16_TRAIL(c) : c));
}

// The code point at `at` of a text without lone surrogates.
UChar32 next_code_point(const std::u16string& text, std::size_t& at) {
  const char16_t lead = text[at++];
  if (!U16_IS_LEAD(lead)) return lead;
  const char16_t trail = text[at++];
  return U16_GET_SUPPLEMENTARY(lead, trail);
}

void append_utf8(std::string& text, UChar32 c) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::size_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<std::uint32_t>(c));
  text.append(reinterpret_cast<const char*>(bytes), length);
}

}  // namespace

bool Normalizer::normalize(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t size = text.size();
  for (std::size_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (is_dropped(c)) continue;
    const bool stands_alone = is_ideograph(c);
    if ((stands_alone || is_space(c)) && !flush()) return false;
    if (is_space(c)) continue;
    append_utf16(chunk_, c);
    chunk_is_ascii_ = chunk_is_ascii_ && c < 128;
    if (stands_alone && !flush()) return false;
  }
  return flush();
}

// Uses the words of the chunk at hand and begins a new one.
bool Normalizer::flush() {
  if (!chunk_is_ascii_) decompose();
  const bool goes_on = use_words_of_chunk();
  chunk_.clear();
  chunk_is_ascii_ = true;
  return goes_on;
}

// Canonical decomposition, in place.
void Normalizer::decompose() {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = unorm2_getNFDInstance(&error);
  decomposed_.resize(chunk_.size() * 4 + 16);
  for (;;) {
    if (U_FAILURE(error)) throw std::bad_alloc();
    const auto length =
        unorm2_normalize(form, chunk_.data(), static_cast<std::int32_t>(chunk_.size()), decomposed_.data(),
                         static_cast<std::int32_t>(decomposed_.size()), &error);
    decomposed_.resize(static_cast<std::size_t>(length));
    if (error != U_BUFFER_OVERFLOW_ERROR) break;
    error = U_ZERO_ERROR;
  }
  if (U_FAILURE(error)) throw std::bad_alloc();
  chunk_.swap(decomposed_);
}

bool Normalizer::use_words_of_chunk() {
  word_.clear();
  for (std::size_t at = 0; at < chunk_.size();) {
    const UChar32 c = next_code_point(chunk_, at);
    if (c >= 128 && is_in(c, U_GC_MN_MASK)) continue;
    const UChar32 lower = u_tolower(c);
    const bool stands_alone = is_punctuation(lower);
    if (stands_alone && !use_word()) return false;
    append_utf8(word_, lower);
    if (stands_alone && !use_word()) return false;
  }
  return use_word();
}

bool Normalizer::use_word() {
  if (word_.empty()) return true;
  const bool goes_on = use_(word_);
  word_.clear();
  return goes_on;
}

}  // namespace chroma::embed::onnx

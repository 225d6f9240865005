#include "embed/bm25/words.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace chroma::embed::bm25 {
namespace {

// For each ASCII character its lower-case form if it is part of words, else 0.
constexpr std::array<char, 128> make_ascii_words() {
  std::array<char, 128> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    table[static_cast<std::size_t>(c)] = c;
    table[static_cast<std::size_t>(c - 'a' + 'A')] = c;
  }
  table['_'] = '_';
  return table;
}
constexpr auto ascii_words = make_ascii_words();

bool is_word_character(UChar32 c) {
  return c >= 0 && (u_isUAlphabetic(c) || (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0);
}

const UCaseMap& case_map() {
  struct Close {
    void operator()(UCaseMap* map) const noexcept { ucasemap_close(map); }
  };
  static const auto map = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<UCaseMap, Close> opened(ucasemap_open("", U_FOLD_CASE_DEFAULT, &error));
    if (U_FAILURE(error)) throw std::bad_alloc();
    return opened;
  }();
  return *map;
}

}  // namespace

void lower_case(std::string& text) {
  std::string lower(text.size() * 3 / 2, '\0');  // No mapping of one code point adds more.
  for (;;) {
    UErrorCode error = U_ZERO_ERROR;
    const auto length =
        ucasemap_utf8ToLower(&case_map(), lower.data(), static_cast<std::int32_t>(lower.size()), text.data(),
                             static_cast<std::int32_t>(text.size()), &error);
    lower.resize(static_cast<std::size_t>(length));
    if (error == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_FAILURE(error)) throw std::bad_alloc();
    text.swap(lower);
    return;
  }
}

// Consumes one code point; false if it does not belong to a word.
bool Words::take_code_point() {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
  const std::size_t size = text_.size();
  UChar32 c = 0;
  U8_NEXT(bytes, at_, size, c);
  return is_word_character(c);
}

bool Words::next(std::string& word) {
  word.clear();
  bool is_ascii = true;
  while (at_ < text_.size()) {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 128) {
      const char lower = ascii_words[byte];
      ++at_;
      if (lower != 0) {
        word.push_back(lower);
      } else if (!word.empty()) {
        break;
      }
      continue;
    }
    const std::size_t begin = at_;
    if (take_code_point()) {
      is_ascii = false;
      word.append(text_, begin, at_ - begin);
    } else if (!word.empty()) {
      break;
    }
  }
  if (!is_ascii) lower_case(word);
  return !word.empty();
}

}  // namespace chroma::embed::bm25

// docs/decisions/vector-instructions.md says why no library is used.
#include "json/fraction_parsers.hpp"

#include "json/number_text.hpp"
#include "json/parse_fraction.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#if defined(__GNUC__) && defined(__x86_64__)
#define CHROMA_AVX2 1
#include <immintrin.h>
// With this attribute, GCC and clang compile a function with instructions that the rest of the program does
// not use.
#define CHROMA_TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt")))
#endif

namespace chroma::json {
namespace {

bool always() noexcept {
  return true;
}

std::size_t none(std::string_view, std::size_t&, std::span<float>) noexcept {
  return 0;
}

#ifdef CHROMA_AVX2

bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("popcnt") != 0;
}

constexpr std::size_t block = 64;
constexpr std::size_t group = 4;
constexpr std::size_t most_blocks = 16;
// The largest number of numbers in these blocks, and one group of commas that is stored beyond the last one.
constexpr std::size_t most_numbers = most_blocks * block / 4 + 8;

/// Where numbers end, as offsets of their commas.
struct Ends {
  // Number i begins after commas[i] and ends at commas[i + 1].
  std::array<std::uint32_t, most_numbers + 1> commas;
  std::size_t count;
  bool stopped;  // A character was found that a number of the usual form does not have at that position.

  [[nodiscard]] std::uint32_t begin_of(std::size_t i) const noexcept { return commas[i] + 1; }
  [[nodiscard]] std::uint32_t end_of(std::size_t i) const noexcept { return commas[i + 1]; }
};

/// One bit for each of 64 characters, the first in the lowest bit: set if the character is of this kind.
struct Kinds {
  std::uint64_t comma;
  std::uint64_t minus;
  std::uint64_t point;
  std::uint64_t digit;
};

CHROMA_TARGET_AVX2 inline std::uint64_t bits_of(__m256i low, __m256i high) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

CHROMA_TARGET_AVX2 inline Kinds kinds_of(const char* p) noexcept {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
  const __m256i comma = _mm256_set1_epi8(',');
  const __m256i minus = _mm256_set1_epi8('-');
  const __m256i point = _mm256_set1_epi8('.');
  const __m256i zero = _mm256_set1_epi8('0');
  const __m256i nine = _mm256_set1_epi8(9);
  const __m256i low_value = _mm256_sub_epi8(low, zero);
  const __m256i high_value = _mm256_sub_epi8(high, zero);
  return {bits_of(_mm256_cmpeq_epi8(low, comma), _mm256_cmpeq_epi8(high, comma)),
          bits_of(_mm256_cmpeq_epi8(low, minus), _mm256_cmpeq_epi8(high, minus)),
          bits_of(_mm256_cmpeq_epi8(low, point), _mm256_cmpeq_epi8(high, point)),
          bits_of(_mm256_cmpeq_epi8(_mm256_min_epu8(low_value, nine), low_value),
                  _mm256_cmpeq_epi8(_mm256_min_epu8(high_value, nine), high_value))};
}

// Checks the grammar of 64 characters at once. A set bit that is shifted up by one marks the position after
// the character, where the next part of the number must be.
CHROMA_TARGET_AVX2 inline void find_ends(const char* p, std::size_t blocks, Ends& ends) noexcept {
  ends.commas[0] = static_cast<std::uint32_t>(-1);
  std::uint32_t* out = ends.commas.data() + 1;
  std::uint64_t begins = 1;
  std::uint64_t first_digits = 0;
  std::uint64_t points = 0;
  std::uint64_t fractions = 0;
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < blocks && wrong == 0; ++i) {
    const Kinds kinds = kinds_of(p + i * block);
    begins |= kinds.comma << 1;
    const std::uint64_t negative = begins & kinds.minus;
    first_digits |= (begins & ~kinds.minus) | negative << 1;
    points |= first_digits << 1;
    fractions |= kinds.point << 1;
    wrong = (kinds.minus & ~begins) | (first_digits & ~kinds.digit) | (kinds.point ^ points) |
            (fractions & ~kinds.digit) | ~(kinds.comma | kinds.minus | kinds.point | kinds.digit);
    std::uint64_t commas = kinds.comma;
    if (wrong != 0) commas &= _blsmsk_u64(wrong) >> 1;
    // Eight commas are stored without a branch, because their number varies too much for branch prediction. A
    // block rarely has more.
    const auto offset = static_cast<std::uint32_t>(i * block);
    const auto count = static_cast<std::size_t>(std::popcount(commas));
    for (std::size_t done = 0; done < count; done += 8) {
      for (std::size_t k = 0; k < 8; ++k) {
        out[done + k] = offset + static_cast<std::uint32_t>(_tzcnt_u64(commas));
        commas = _blsr_u64(commas);
      }
    }
    out += count;
    // The parts of the number that must be at the beginning of the next block.
    begins = kinds.comma >> 63;
    points = first_digits >> 63;
    first_digits = negative >> 63;
    fractions = kinds.point >> 63;
  }
  ends.count = static_cast<std::size_t>(out - ends.commas.data()) - 1;
  ends.stopped = wrong != 0;
}

// An integer of fifteen digits (without the point) and the power of ten that divides it are exact as doubles.
constexpr std::uint32_t most_digits = 15;

/// For each number of digits: the shuffle of the 16 characters before the end of the number that removes the
/// point and moves the digits to the end.
alignas(16) constexpr auto layouts = [] {
  std::array<std::array<unsigned char, 16>, most_digits + 1> all{};
  for (std::size_t digits = 0; digits <= most_digits; ++digits) {
    for (std::size_t i = 0; i < 16; ++i) {
      const bool behind_point = i + digits > 16;
      const bool before_point = i + digits == 16 && i > 0;
      all[digits][i] = static_cast<unsigned char>(behind_point ? i : before_point ? i - 1 : 0x80);
    }
  }
  return all;
}();

/// The divisors of the integers that the digits form, for each number of digits, first for positive and then
/// for negative numbers.
constexpr std::array<double, 2 * (most_digits + 1)> divisors = {
    1,  1,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10,  1e11,  1e12,  1e13,  1e14,
    -1, -1, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14};

/// The end of a number in the text, and its indices in the tables.
struct Place {
  const char* end;
  std::uint32_t digits;
  std::uint32_t divisor;
};

inline Place place_of(const char* p, const Ends& ends, std::size_t i) noexcept {
  const std::uint32_t begin = ends.begin_of(i);
  const std::uint32_t end = ends.end_of(i);
  // A bit that is set in all digits and not in a minus.
  const auto negative = static_cast<std::uint32_t>(~p[begin] >> 4) & 1;
  const std::uint32_t digits = end - begin - negative - 1;
  return {p + end, digits, digits + negative * (most_digits + 1)};
}

CHROMA_TARGET_AVX2 inline __m256i load_two(const void* low, const void* high) noexcept {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(low))),
                                 _mm_loadu_si128(static_cast<const __m128i*>(high)), 1);
}

// Each half of the result has the digits of one number, joined to four integers of four digits.
CHROMA_TARGET_AVX2 inline __m256i join_fours(const Place& low, const Place& high) noexcept {
  __m256i digits = _mm256_sub_epi8(load_two(low.end - 16, high.end - 16), _mm256_set1_epi8('0'));
  digits = _mm256_shuffle_epi8(digits, load_two(&layouts[low.digits], &layouts[high.digits]));
  const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(10 | 1 << 8));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi32(100 | 1 << 16));
}

// Converts four numbers of at most 15 digits, as `parse_fraction` converts one. Returns false if one of them,
// rounded to a double, is halfway between two floats, so that rounding it again could be wrong.
CHROMA_TARGET_AVX2 inline bool convert(const std::array<Place, group>& places, float* out) noexcept {
  const __m256i fours =
      _mm256_packus_epi32(join_fours(places[0], places[2]), join_fours(places[1], places[3]));
  const __m256i eights = _mm256_madd_epi16(fours, _mm256_set1_epi32(10'000 | 1 << 16));
  const __m256i numbers = _mm256_add_epi64(_mm256_mul_epu32(eights, _mm256_set1_epi64x(100'000'000)),
                                           _mm256_srli_epi64(eights, 32));
  // An integer below 2^52 is converted to a double by writing it into the lowest bits of the double 2^52.
  const __m256d two_to_52 = _mm256_set1_pd(0x1p52);
  const __m256d exact =
      _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(numbers, _mm256_castpd_si256(two_to_52))), two_to_52);
  const __m256d values =
      _mm256_div_pd(exact, _mm256_setr_pd(divisors[places[0].divisor], divisors[places[1].divisor],
                                          divisors[places[2].divisor], divisors[places[3].divisor]));
  _mm_storeu_ps(out, _mm256_cvtpd_ps(values));
  const __m256i middle =
      _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_castpd_si256(values), _mm256_set1_epi64x(below_float)),
                         _mm256_set1_epi64x(halfway));
  return _mm256_testz_si256(middle, middle) != 0;
}

CHROMA_TARGET_AVX2 std::size_t parse_avx2(std::string_view text, std::size_t& offset,
                                          std::span<float> out) noexcept {
  Ends ends;
  std::size_t read = 0;
  // The 16 characters before the end of a number are loaded, also if the number is shorter.
  while (offset >= 16) {
    const char* const p = text.data() + offset;
    find_ends(p, std::min(most_blocks, (text.size() - offset) / block), ends);
    const std::size_t usable = std::min(ends.count, out.size() - read) / group * group;
    for (std::size_t i = 0; i < usable; i += group, read += group) {
      const std::array<Place, group> places{place_of(p, ends, i), place_of(p, ends, i + 1),
                                            place_of(p, ends, i + 2), place_of(p, ends, i + 3)};
      const std::uint32_t digits = places[0].digits | places[1].digits | places[2].digits | places[3].digits;
      if (digits <= most_digits && convert(places, &out[read])) continue;
      for (std::size_t k = 0; k < group; ++k) {
        static_cast<void>(parse_float32(p + ends.begin_of(i + k), places[k].end, out[read + k]));
      }
    }
    if (usable > 0) offset += ends.end_of(usable - 1) + 1;
    if (usable == 0 || ends.stopped) break;
  }
  return read;
}

constexpr std::array<FractionParser, 2> parsers{{{"avx2", has_avx2, parse_avx2}, {"plain", always, none}}};

#else

constexpr std::array<FractionParser, 1> parsers{{{"plain", always, none}}};

#endif

}  // namespace

std::span<const FractionParser> fraction_parsers() noexcept {
  return parsers;
}

const FractionParser& best_fraction_parser() noexcept {
  static const FractionParser& best =
      *std::ranges::find_if(parsers, [](const FractionParser& parser) { return parser.is_supported(); });
  return best;
}

}  // namespace chroma::json

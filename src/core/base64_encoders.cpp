// Own code, since no library that Debian 12 and 13 have (OpenSSL, simdjson) encodes base64 with vector
// instructions. By Muła and Lemire, "Faster Base64 Encoding and Decoding using AVX2 Instructions" (2018).
#include "core/base64_encoders.hpp"

#include <array>
#include <cstdint>

// An attribute of GCC and clang compiles a function with instructions that the rest of the program does not
// use.
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define CHROMA_BASE64_X86 1
#include <immintrin.h>
#elif defined(__GNUC__) && defined(__aarch64__)
#define CHROMA_BASE64_NEON 1
#include <arm_neon.h>
#endif

namespace chroma::core {
namespace {

bool always() noexcept {
  return true;
}

std::size_t none(const unsigned char*, std::size_t, char*) noexcept {
  return 0;
}

#ifdef CHROMA_BASE64_X86

bool has_ssse3() noexcept {
  return __builtin_cpu_supports("ssse3") != 0;
}
bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") != 0;
}

// Both functions work on lanes of 12 bytes. A group of bytes a, b, c is arranged as b a c b; two
// multiplications shift its four values of six bits to one byte each. A table holds the difference between a
// value and its character, at index 13 for A to Z, 0 for a to z, 1 to 10 for the digits, 11 and 12 for the
// signs.

__attribute__((target("ssse3"))) std::size_t encode_ssse3(const unsigned char* bytes, std::size_t size,
                                                          char* out) noexcept {
  const __m128i layout = _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  const __m128i offsets =
      _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                    '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  std::size_t done = 0;
  for (; size - done >= 16; done += 12, out += 16) {
    __m128i groups = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + done));
    groups = _mm_shuffle_epi8(groups, layout);
    const __m128i first_and_third =
        _mm_mulhi_epu16(_mm_and_si128(groups, _mm_set1_epi32(0x0FC0FC00)), _mm_set1_epi32(0x04000040));
    const __m128i second_and_fourth =
        _mm_mullo_epi16(_mm_and_si128(groups, _mm_set1_epi32(0x003F03F0)), _mm_set1_epi32(0x01000010));
    const __m128i values = _mm_or_si128(first_and_third, second_and_fourth);
    __m128i places = _mm_subs_epu8(values, _mm_set1_epi8(51));
    const __m128i is_upper = _mm_cmpgt_epi8(_mm_set1_epi8(26), values);
    places = _mm_or_si128(places, _mm_and_si128(is_upper, _mm_set1_epi8(13)));
    const __m128i text = _mm_add_epi8(values, _mm_shuffle_epi8(offsets, places));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), text);
  }
  return done;
}

// Bodies are larger than the processor's nearer caches, and rows and pages end too soon for it to foresee the
// access: this takes a quarter off the time. Addresses beyond the end are harmless.
inline void prefetch(const void* address) noexcept {
  constexpr std::uintptr_t distance = 768;
  _mm_prefetch(reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) + distance),
               _MM_HINT_T0);
}

__attribute__((target("avx2"))) std::size_t encode_avx2(const unsigned char* bytes, std::size_t size,
                                                        char* out) noexcept {
  const __m256i layout = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,  //
                                          1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  const __m256i offsets = _mm256_broadcastsi128_si256(
      _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                    '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0));
  std::size_t done = 0;
  for (; size - done >= 28; done += 24, out += 32) {
    prefetch(bytes + done);
    prefetch(out);
    const auto* from = reinterpret_cast<const __m128i*>(bytes + done);
    const auto* from_high = reinterpret_cast<const __m128i*>(bytes + done + 12);
    __m256i groups = _mm256_set_m128i(_mm_loadu_si128(from_high), _mm_loadu_si128(from));
    groups = _mm256_shuffle_epi8(groups, layout);
    const __m256i first_and_third = _mm256_mulhi_epu16(
        _mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
    const __m256i second_and_fourth = _mm256_mullo_epi16(
        _mm256_and_si256(groups, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
    const __m256i values = _mm256_or_si256(first_and_third, second_and_fourth);
    __m256i places = _mm256_subs_epu8(values, _mm256_set1_epi8(51));
    const __m256i is_upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), values);
    places = _mm256_or_si256(places, _mm256_and_si256(is_upper, _mm256_set1_epi8(13)));
    const __m256i text = _mm256_add_epi8(values, _mm256_shuffle_epi8(offsets, places));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), text);
  }
  return done;
}

constexpr std::array<Base64Encoder, 3> encoders{
    {{"avx2", has_avx2, encode_avx2}, {"ssse3", has_ssse3, encode_ssse3}, {"plain", always, none}}};

#elif defined(CHROMA_BASE64_NEON)

// Encodes 16 groups at once. The load separates their first, second and third bytes, and the store
// interleaves the characters.
std::size_t encode_neon(const unsigned char* bytes, std::size_t size, char* out) noexcept {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint8x16x4_t table = vld1q_u8_x4(reinterpret_cast<const unsigned char*>(alphabet));
  const uint8x16_t six_bits = vdupq_n_u8(0x3F);
  std::size_t done = 0;
  for (; size - done >= 48; done += 48, out += 64) {
    const uint8x16x3_t groups = vld3q_u8(bytes + done);
    const uint8x16_t a = groups.val[0];
    const uint8x16_t b = groups.val[1];
    const uint8x16_t c = groups.val[2];
    uint8x16x4_t text;
    text.val[0] = vqtbl4q_u8(table, vshrq_n_u8(a, 2));
    text.val[1] = vqtbl4q_u8(table, vandq_u8(vorrq_u8(vshlq_n_u8(a, 4), vshrq_n_u8(b, 4)), six_bits));
    text.val[2] = vqtbl4q_u8(table, vandq_u8(vorrq_u8(vshlq_n_u8(b, 2), vshrq_n_u8(c, 6)), six_bits));
    text.val[3] = vqtbl4q_u8(table, vandq_u8(c, six_bits));
    vst4q_u8(reinterpret_cast<unsigned char*>(out), text);
  }
  return done;
}

constexpr std::array<Base64Encoder, 2> encoders{{{"neon", always, encode_neon}, {"plain", always, none}}};

#else

constexpr std::array<Base64Encoder, 1> encoders{{{"plain", always, none}}};

#endif

}  // namespace

std::span<const Base64Encoder> base64_encoders() noexcept {
  return encoders;
}

}  // namespace chroma::core

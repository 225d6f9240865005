#pragma once

#include "codec/codec.hpp"
#include "json/fields.hpp"

#include <chroma/export.hpp>

#include <string>
#include <string_view>

namespace chroma::codec {

template <class T>
T decode(std::string_view text) {
  return json::decode<T>(text);
}

template <class T>
core::Buffer encode(const T& value) {
  core::Buffer text;
  if constexpr (requires { value.expected_size(); }) text.reserve(value.expected_size());
  json::Writer out(text);
  write(out, value);
  return text;
}

}  // namespace chroma::codec

// The functions that <chroma/json.hpp> declares. Including that header here would include nlohmann/json.
namespace chroma::detail {

template <class T>
std::string to_json_text(const T& value) {
  return std::string(codec::encode(value).view());
}

template <class T>
T from_json_text(std::string_view text) {
  return codec::decode<T>(text);
}

}  // namespace chroma::detail

// These macros instantiate the functions above for a type. They are used in namespace chroma.

/// For a body that is only sent.
#define CHROMA_ENCODE(...) template core::Buffer codec::encode(const __VA_ARGS__&)
/// For a body that is only received.
#define CHROMA_DECODE(...) template __VA_ARGS__ codec::decode<__VA_ARGS__>(std::string_view)
/// For the conversions of <chroma/json.hpp>.
#define CHROMA_JSON(...)                                                    \
  template CHROMA_API std::string detail::to_json_text(const __VA_ARGS__&); \
  template CHROMA_API __VA_ARGS__ detail::from_json_text<__VA_ARGS__>(std::string_view)
/// For a type of the public headers: all of the above.
#define CHROMA_CODEC(...)     \
  CHROMA_ENCODE(__VA_ARGS__); \
  CHROMA_DECODE(__VA_ARGS__); \
  CHROMA_JSON(__VA_ARGS__)

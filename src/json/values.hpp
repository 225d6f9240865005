#pragma once

#include "core/buffer.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Each type has a pair of functions, which lookup finds in the namespace of the reader and the writer:
///   void write(Writer&, const T&);
///   void read(Reader&, T&);
/// This header has those of types of the standard library, and the two functions for whole texts.
namespace chroma::json {

/// Texts. A template, so that there are no implicit conversions.
template <class T>
requires std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>
void write(Writer& out, const T& value) {
  out.string(value);
}
inline void read(Reader& in, std::string& value) {
  in.string(value);
}
inline void read(Reader& in, bool& value) {
  value = in.boolean();
}
inline void read(Reader& in, std::int32_t& value) {
  value = in.int32();
}
inline void read(Reader& in, std::uint32_t& value) {
  value = in.uint32();
}
inline void read(Reader& in, std::int64_t& value) {
  value = in.int64();
}
inline void read(Reader& in, std::uint64_t& value) {
  value = in.uint64();
}
inline void read(Reader& in, float& value) {
  value = in.float32();
}
inline void read(Reader& in, double& value) {
  value = in.float64();
}

/// Numbers and bools. A template, so that there are no implicit conversions.
template <class T>
requires std::is_arithmetic_v<T>
void write(Writer& out, T value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.boolean(value);
  } else {
    out.number(value);
  }
}

/// `[...]` of whatever `write_one(item)` writes for each item.
template <class Range, class WriteOne>
void write_array(Writer& out, const Range& items, WriteOne write_one) {
  out.raw('[');
  bool first = true;
  for (auto&& item : items) {
    if (!first) out.raw(',');
    first = false;
    write_one(item);
  }
  out.raw(']');
}

template <class T>
void write(Writer& out, const std::optional<T>& value) {
  if (value) {
    write(out, *value);
  } else {
    out.null();
  }
}
template <class T>
void read(Reader& in, std::optional<T>& value) {
  if (in.take_null()) {
    value.reset();
  } else {
    read(in, value.emplace());
  }
}

template <class T>
void write(Writer& out, const std::vector<T>& values) {
  write_array(out, values, [&](const T& value) { write(out, value); });
}
template <class T>
void read(Reader& in, std::vector<T>& values) {
  values.clear();
  in.begin_array();
  while (in.next_element()) {
    if constexpr (std::is_same_v<T, bool>) {
      values.push_back(in.boolean());
    } else {
      read(in, values.emplace_back());
    }
  }
}

/// The value of a whole text. Time and memory grow in proportion to the text's length, whatever it says: at
/// most 64 bytes are held at once for each byte of a response with records, 128 for each of a collection's
/// schema (the factors of all types are in tests/unit/linear). @throws ChromaHttpClientError of kind
/// SerdeError
template <class T>
[[nodiscard]] T decode(std::string_view text) {
  Reader in(text);
  T value;
  read(in, value);
  in.finish();
  return value;
}

template <class T>
[[nodiscard]] core::Buffer encode(const T& value) {
  core::Buffer text;
  Writer out(text);
  write(out, value);
  return text;
}

}  // namespace chroma::json

#pragma once

#include "core/buffer.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Each type is read and written by a pair of functions, which are found by argument-dependent lookup:
///   void read(json::Reader&, T&);
///   void write(json::Writer&, const T&);
/// This header declares the functions of standard types, and `decode` and `encode`, which convert whole
/// texts. Objects with members are described by means of fields.hpp.
namespace chroma::json {

/// Members by name, each with its value as JSON text.
using RawMembers = std::map<std::string, std::string>;

// The functions that write strings, numbers and booleans are templates, so that no argument is implicitly
// converted to one of these types.

template <class T>
requires std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>
void write(Writer& out, const T& value) {
  out.string(value);
}
inline void read(Reader& in, std::string& value) {
  in.string(value);
}

template <class T>
requires std::is_arithmetic_v<T>
void write(Writer& out, T value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.boolean(value);
  } else {
    out.number(value);
  }
}
inline void read(Reader& in, bool& value) {
  value = in.boolean();
}
inline void read(Reader& in, float& value) {
  value = in.float32();
}
inline void read(Reader& in, double& value) {
  value = in.float64();
}
/// Selected by size, because integers of one size have different types on different platforms.
template <std::integral T>
requires(!std::same_as<T, bool> && (sizeof(T) == 4 || sizeof(T) == 8)) void read(Reader& in, T& value) {
  if constexpr (std::is_signed_v<T>) {
    value = sizeof(T) == 4 ? static_cast<T>(in.int32()) : static_cast<T>(in.int64());
  } else {
    value = sizeof(T) == 4 ? static_cast<T>(in.uint32()) : static_cast<T>(in.uint64());
  }
}

/// Writes an array; `write_one(item)` writes each item.
template <class Range, class WriteOne>
void write_array(Writer& out, const Range& items, WriteOne write_one) {
  out.raw('[');
  bool first = true;
  for (auto&& item : items) {
    if (!std::exchange(first, false)) out.raw(',');
    write_one(item);
  }
  out.raw(']');
}

/// Writes an array of strings.
template <class Range>
void write_strings(Writer& out, const Range& texts) {
  write_array(out, texts, [&](const auto& text) { out.string(text); });
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
  // The parameter type converts the proxy objects of std::vector<bool>.
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

/// Writes an object with the commas between its members. The constructor writes `{`, and `end()` writes `}`.
class MemberWriter {
 public:
  explicit MemberWriter(Writer& out) : out_(out) { out_.raw('{'); }
  MemberWriter(const MemberWriter&) = delete;
  MemberWriter& operator=(const MemberWriter&) = delete;

  void name(std::string_view key) {
    if (!std::exchange(first_, false)) out_.raw(',');
    out_.string(key);
    out_.raw(':');
  }
  template <class T>
  void value(std::string_view key, const T& value) {
    name(key);
    write(out_, value);
  }
  void raw(std::string_view key, std::string_view json) {
    name(key);
    out_.raw(json);
  }
  void raw(const RawMembers& members) {
    for (const auto& [key, json] : members) raw(key, json);
  }
  void end() { out_.raw('}'); }

 private:
  Writer& out_;
  bool first_ = true;
};

/// An object whose keys are data. If a key occurs more than once, the last value is kept.
template <class T>
void write(Writer& out, const std::map<std::string, T>& map) {
  MemberWriter members(out);
  for (const auto& [key, value] : map) members.value(key, value);
  members.end();
}
template <class T>
void read(Reader& in, std::map<std::string, T>& map) {
  map.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    auto& value = map[std::string(key)];
    read(in, value);
  }
}

/// Reads one of the enumerators `all` by its name, which `to_string` returns.
/// @param what the kind of value, for the error
template <class T>
[[nodiscard]] T read_one_of(Reader& in, const char* what, std::initializer_list<T> all) {
  in.skip_space();
  const char* begin = in.cursor();
  const auto text = in.string();
  std::string expected;
  for (const T value : all) {
    const std::string_view name = to_string(value);
    if (text == name) return value;
    expected.append(expected.empty() ? "" : ", ").append(name);
  }
  in.fail_at(begin, std::string("unknown ") + what + " '" + text + "', expected one of " + expected);
}

/// Converts a whole text to a value. Time and memory are linear in the length of any text: the memory in use
/// is at most 64 bytes for each byte of a response with records, and 128 for each byte of a schema
/// (tests/unit/linear has the factors of all types).
/// @throws ChromaHttpClientError of kind SerdeError
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

#pragma once

#include "json/values.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Objects whose members are listed once, for reading and for writing. A type has a function
///   template <class Visit> void fields(T& value, Visit visit);
/// that calls `visit(name, member)` for each member in the order of the wire, and a member `unknown` for the
/// rest.
namespace chroma::json {

/// Members by name, each with its value as JSON text.
using RawMembers = std::map<std::string, std::string>;

/// How members without a value are written.
enum class Unset { Dropped, Null };

/// Integers of any width, which the platforms name differently.
template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) void read_unsigned(Reader& in, T& value) {
  const char* begin = in.cursor();
  const auto number = in.uint64();
  if (!std::in_range<T>(number)) in.fail_at(begin, "the integer is too large");
  value = static_cast<T>(number);
}

template <class T>
void read_field(Reader& in, std::optional<T>& member) {
  if (in.take_null()) {
    member.reset();
  } else if constexpr (std::unsigned_integral<T> && !std::same_as<T, bool>) {
    read_unsigned(in, member.emplace());
  } else {
    read(in, member.emplace());
  }
}
template <class T>
void read_field(Reader& in, T& member) {
  read(in, member);
}

template <class T>
[[nodiscard]] bool is_unset(const std::optional<T>& member) {
  return !member.has_value();
}
template <class T>
[[nodiscard]] bool is_unset(const T&) {
  return false;
}

/// Names members as they are written, with the commas between them.
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
  void unknown(const RawMembers& keys) {
    for (const auto& [key, json] : keys) {
      name(key);
      out_.raw(json);
    }
  }
  void end() { out_.raw('}'); }

 private:
  Writer& out_;
  bool first_ = true;
};

template <class T, class... Rest>
void write_members(Writer& out, MemberWriter& members, std::string_view name, const T& value,
                   const Rest&... rest) {
  members.name(name);
  write(out, value);
  if constexpr (sizeof...(Rest) > 0) write_members(out, members, rest...);
}

/// Writes an object from alternating names and values; unset values become null.
template <class... NamesAndValues>
void write_object(Writer& out, const NamesAndValues&... names_and_values) {
  MemberWriter members(out);
  write_members(out, members, names_and_values...);
  members.end();
}

template <class T>
void write_fields(Writer& out, const T& value, Unset unset) {
  MemberWriter members(out);
  fields(value, [&](std::string_view key, const auto& member) {
    if (unset == Unset::Dropped && is_unset(member)) return;
    members.name(key);
    write(out, member);
  });
  members.unknown(value.unknown);
  members.end();
}

/// Keeps the JSON text of the current member.
inline void keep(Reader& in, std::string_view key, RawMembers& keys) {
  std::string name(key);  // The key is gone when the value is read.
  keys[std::move(name)] = in.skip();
}

/// An object of which the JSON text of all members is kept.
inline void read(Reader& in, RawMembers& keys) {
  keys.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) keep(in, key, keys);
}

/// @param sigil a character that names may begin with in addition; 0 for none
template <class T>
void read_fields(Reader& in, T& value, char sigil = 0) {
  value = T();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    const std::string name(key);
    std::string_view plain = name;
    if (sigil != 0 && !plain.empty() && plain.front() == sigil) plain.remove_prefix(1);
    bool known = false;
    fields(value, [&](std::string_view field, auto& member) {
      if (known || field != plain) return;
      known = true;
      read_field(in, member);
    });
    if (!known) keep(in, name, value.unknown);
  }
}

}  // namespace chroma::json

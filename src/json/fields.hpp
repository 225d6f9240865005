#pragma once

#include "json/values.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chroma::detail {

/// Describes the members of an object of type `T`, once for both directions. A specialisation has a function
///   static void fields(auto& object, auto visit);
/// that calls `visit(name, member)` for each member, in the order in which they are written; `object` is
/// const when it is written. A member is anything that `json::read` and `json::write` accept, a temporary
/// that refers to the object included. The name is a text, or `json::required(text)` if reading must fail
/// without it.
///
/// If `T` has a member `unknown` of type `json::RawMembers`, it keeps the members that are not described, and
/// they are written behind the others; else they are skipped. A specialisation may also have
///   static constexpr auto unset = json::Unset::Dropped;   // optional members without a value are left out
///   static constexpr char prefix = '#';                   // names may be read with this character in front
///   static void finish(json::Reader& in, T& object);      // checks or completes what was read
/// Classes befriend their description so that it can name private members.
template <class T>
struct Description;

}  // namespace chroma::detail

namespace chroma::json {

/// How a member without a value is written.
enum class Unset { Null, Dropped };

/// A member's name, and whether the object cannot be read without it.
struct Name {
  constexpr Name(const char* name) : text(name) {}

  [[nodiscard]] constexpr bool is(std::string_view key) const {
    return key == text || (!other.empty() && key == other);
  }

  std::string_view text;
  std::string_view other;  ///< A second name that is read; empty if there is none.
  bool is_required = false;
};

[[nodiscard]] constexpr Name required(const char* text, const char* other = "") {
  Name name(text);
  name.other = other;
  name.is_required = true;
  return name;
}

template <class T>
concept Described = requires {
  sizeof(detail::Description<T>);
};

template <class T>
concept KeepsUnknown = requires(T& value) {
  value.unknown;
};

template <class T>
[[nodiscard]] bool is_unset(const std::optional<T>& member) {
  return !member.has_value();
}
template <class T>
[[nodiscard]] bool is_unset(const T&) {
  return false;
}

/// A member that null sets to its default value.
template <class T>
struct Nullable {
  T& value;
};
template <class T>
[[nodiscard]] Nullable<T> nullable(T& value) {
  return {value};
}
template <class T>
void read(Reader& in, const Nullable<T>& member) {
  member.value = T();
  if (!in.take_null()) read(in, member.value);
}
template <class T>
void write(Writer& out, const Nullable<T>& member) {
  write(out, member.value);
}

/// A member that is read and never written.
template <class T>
struct ReadOnly {
  T& value;
};
template <class T>
[[nodiscard]] ReadOnly<T> read_only(T& value) {
  return {value};
}
template <class T>
inline constexpr bool is_read_only = false;
template <class T>
inline constexpr bool is_read_only<ReadOnly<T>> = true;
template <class T>
void read(Reader& in, const ReadOnly<T>& member) {
  read(in, member.value);
}

/// Throws if a member was not found. Called where the object ends.
inline void require_member(const Reader& in, bool found, std::string_view name) {
  if (!found) in.fail("missing field `" + std::string(name) + "`");
}

/// Calls `member(key)` for each member of the object that comes next; it reads the value and returns true, or
/// returns false, and then the value is skipped.
template <class Member>
void read_object(Reader& in, Member member) {
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (!member(key)) in.skip();
  }
}

/// Stores the value that comes next as JSON text.
inline void keep(Reader& in, std::string_view key, RawMembers& members) {
  std::string name(key);  // The key is valid only until the value is read.
  members[std::move(name)] = in.skip();
}

/// Keeps all members of the object that comes next.
inline void keep_all(Reader& in, RawMembers& members) {
  members.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) keep(in, key, members);
}

/// Reads the members of an object that were described; those that are absent keep their values.
template <Described T>
void read_fields(Reader& in, T& object) {
  using Description = detail::Description<T>;
  std::uint32_t found = 0;  // One bit for each described member.
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    std::string_view plain = key;
    if constexpr (requires { Description::prefix; }) {
      if (plain.starts_with(Description::prefix)) plain.remove_prefix(1);
    }
    bool known = false;
    std::uint32_t bit = 1;
    Description::fields(object, [&](Name name, auto&& member) {
      // The key is gone as soon as a value was read, so nothing is compared afterwards.
      if (!known && name.is(plain)) {
        known = true;
        found |= bit;
        read(in, member);
      }
      bit <<= 1;
    });
    if (known) continue;
    if constexpr (KeepsUnknown<T>) {
      keep(in, key, object.unknown);
    } else {
      in.skip();
    }
  }
  std::uint32_t bit = 1;
  Description::fields(object, [&](Name name, auto&&) {
    require_member(in, !name.is_required || (found & bit) != 0, name.text);
    bit <<= 1;
  });
  if constexpr (requires { Description::finish(in, object); }) Description::finish(in, object);
}

/// Writes the described members, and nothing around them.
template <Described T>
void write_fields(MemberWriter& members, const T& object) {
  using Description = detail::Description<T>;
  Description::fields(object, [&](Name name, const auto& member) {
    if constexpr (requires { Description::unset; }) {
      if (Description::unset == Unset::Dropped && is_unset(member)) return;
    }
    if constexpr (!is_read_only<std::remove_cvref_t<decltype(member)>>) members.value(name.text, member);
  });
  if constexpr (KeepsUnknown<T>) members.raw(object.unknown);
}

template <Described T>
void read(Reader& in, T& object) {
  object = T();
  read_fields(in, object);
}

template <Described T>
void write(Writer& out, const T& object) {
  MemberWriter members(out);
  write_fields(members, object);
  members.end();
}

}  // namespace chroma::json

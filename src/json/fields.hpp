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
/// that calls `visit(name, member)` for each member, in the order in which the members are written. `object`
/// is const when it is written. A member is anything that `json::read` and `json::write` accept, including a
/// temporary that refers to the object. The name is a text, or `json::required(text)` if reading fails
/// without the member.
///
/// If `T` has a member `unknown` of type `json::RawMembers`, members that are not described are stored there
/// and are written after the others; otherwise they are skipped. A specialisation may also have
///   static constexpr auto unset = json::Unset::Dropped;   // optional members without a value are left out
///   static constexpr char prefix = '#';                   // is skipped at the beginning of a name
///   static void finish(json::Reader& in, T& object);      // is called when the object has been read
/// Classes befriend their description so that it can name private members.
template <class T>
struct Description;

}  // namespace chroma::detail

namespace chroma::json {

/// How a member without a value is written.
enum class Unset { Null, Dropped };

/// The name of a member, and whether the member is required.
struct Name {
  constexpr Name(const char* name) : text(name) {}

  [[nodiscard]] constexpr bool is(std::string_view key) const {
    return key == text || (!other.empty() && key == other);
  }

  std::string_view text;
  std::string_view other;  ///< A second name that is accepted when reading; may be empty.
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

/// A member for which null is read as the default value.
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

/// A member that is not read and written in the usual way of its type. `read` and `write` are overloaded for
/// `As<Form, T>`; `Form` is an empty class, which selects the overload.
template <class Form, class T>
struct As {
  T& value;
};
template <class Form, class T>
[[nodiscard]] As<Form, T> as(T& value) {
  return {value};
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

/// Throws if a required member was not found. Called at the end of the object.
inline void require_member(const Reader& in, bool found, std::string_view name) {
  if (!found) in.fail("the member \"" + std::string(name) + "\" is missing");
}

/// Reads an object: calls `member(key)` for each member. `member` reads the value and returns true, or
/// returns false if the value is to be skipped.
template <class Member>
void read_object(Reader& in, Member member) {
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (!member(key)) in.skip();
  }
}

/// Stores the next value as JSON text.
inline void keep(Reader& in, std::string_view key, RawMembers& members) {
  std::string name(key);  // The key is valid only until the value is read.
  members[std::move(name)] = in.skip();
}

/// Stores all members of the next object.
inline void keep_all(Reader& in, RawMembers& members) {
  members.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) keep(in, key, members);
}

/// Reads an object. Described members that are absent from the text keep their values.
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
      // Reading a value invalidates the key, so the key is not compared after that.
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

/// Writes the members of the object without the braces.
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

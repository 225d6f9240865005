#pragma once

/// @file
/// `Metadata`: named values of a record or of a collection.

#include <chroma/alternative.hpp>
#include <chroma/export.hpp>
#include <chroma/sparse_vector.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace chroma {

namespace detail {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

/// The integer types, except bool and the character types.
template <class T>
concept MetadataInteger = std::integral<T> && !std::same_as<T, bool> && !Character<T>;

/// The element types of an array of strings, before conversion.
template <class T>
concept MetadataText =
    std::same_as<T, std::string> || std::same_as<T, std::string_view> || std::same_as<T, const char*>;

/// The types of `MetadataValue::get`, which converts. For arrays see the documentation there.
template <class T>
concept MetadataReadable =
    std::same_as<T, bool> || MetadataInteger<T> || std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, std::string> || std::same_as<T, std::string_view> || std::same_as<T, SparseVector> ||
    std::same_as<T, std::vector<bool>> || std::same_as<T, std::vector<std::int64_t>> ||
    std::same_as<T, std::vector<double>> || std::same_as<T, std::vector<std::string>>;

/// @throws ChromaHttpClientError of kind ValidationError
[[noreturn]] CHROMA_API void throw_beyond_int64(std::uint64_t value);

template <MetadataInteger T>
std::int64_t to_int64(T value) {
  if (!std::in_range<std::int64_t>(value)) throw_beyond_int64(static_cast<std::uint64_t>(value));
  return static_cast<std::int64_t>(value);
}

template <MetadataInteger T>
std::vector<std::int64_t> to_int64s(const std::vector<T>& values) {
  std::vector<std::int64_t> converted;
  converted.reserve(values.size());
  for (T value : values) converted.push_back(to_int64(value));
  return converted;
}

}  // namespace detail

/// A metadata value: a bool, an integer, a float, a string, a sparse vector, or an array of bools, integers,
/// floats or strings. It converts implicitly from all of these. Integers and floats are different types, in
/// requests and responses, too: `2.0` is not sent as `2`.
///
/// Conversions keep the type. A string literal becomes a string and not a bool; other pointers and characters
/// do not convert. A `float` becomes the double of the same value: 0.1f becomes 0.10000000149011612.
///
/// The server does not store the element type of an empty array: every empty array is sent as `[]`, and `[]`
/// in a response becomes an empty array of bools.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API MetadataValue {
 public:
  /// The alternatives. More may be added: a visitor needs a generic case.
  using Variant = std::variant<bool, std::int64_t, double, std::string, SparseVector, std::vector<bool>,
                               std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>>;

  /// The value false, so that `metadata["key"] = 1` compiles.
  MetadataValue();
  MetadataValue(const MetadataValue& other);
  MetadataValue(MetadataValue&& other) noexcept;
  MetadataValue& operator=(const MetadataValue& other);
  MetadataValue& operator=(MetadataValue&& other) noexcept;
  ~MetadataValue();

  template <std::same_as<bool> T>
  MetadataValue(T value) : MetadataValue(Exactly<bool>{value}) {}
  /// @throws ChromaHttpClientError of kind ValidationError if `value` is larger than the largest std::int64_t
  template <detail::MetadataInteger T>
  MetadataValue(T value) : MetadataValue(Exactly<std::int64_t>{detail::to_int64(value)}) {}
  template <std::floating_point T>
  MetadataValue(T value) : MetadataValue(Exactly<double>{static_cast<double>(value)}) {}
  MetadataValue(std::string value);
  MetadataValue(std::string_view value);
  /// @pre `value` is not a null pointer
  MetadataValue(const char* value);
  MetadataValue(std::nullptr_t) = delete;
  MetadataValue(SparseVector value);
  MetadataValue(std::vector<bool> values);
  MetadataValue(std::vector<std::int64_t> values);
  /// @throws ChromaHttpClientError of kind ValidationError if one is larger than the largest std::int64_t
  template <detail::MetadataInteger T>
  MetadataValue(const std::vector<T>& values) : MetadataValue(detail::to_int64s(values)) {}
  MetadataValue(std::vector<double> values);
  MetadataValue(const std::vector<float>& values);
  MetadataValue(std::vector<std::string> values);
  template <detail::MetadataText T>
  MetadataValue(const std::vector<T>& values)
      : MetadataValue(std::vector<std::string>(values.begin(), values.end())) {}

  /// The value if it is a `T`, else nullptr. Values are not converted: an integer is not a double. `T` is one
  /// of the alternatives of `Variant`, so integers are `std::int64_t`; `get` converts to `int` and other
  /// types.
  template <detail::AlternativeOf<Variant> T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&value_);
  }
  /// True if the value is a `T`, which is one of the alternatives of `Variant`.
  template <detail::AlternativeOf<Variant> T>
  [[nodiscard]] bool is() const noexcept {
    return std::holds_alternative<T>(value_);
  }

  /// The value as a `T`, if it is one or converts to one without loss; else unset.
  /// - Numbers convert to a number type if it has a number that compares equal. So an integer must be within
  ///   the range of an integer type `T`; an integer becomes a float only if it is exact (2^53 + 1 has no
  ///   double); a float becomes an integer only if it has no fraction (-0.0 becomes 0); and a double becomes
  ///   a `float` only if it is exact, as 0.5 is and 0.1 is not. Infinities and NaN convert between the float
  ///   types.
  /// - A string is read as `std::string` or as `std::string_view`, which is a view into this object.
  /// - Arrays are read as vectors of the element types of `Variant`. Their elements convert as single values
  ///   do, and all must convert. An empty array is empty as a vector of every type, because the server does
  ///   not store its element type.
  /// - Nothing else converts: neither bools to numbers nor numbers to strings.
  template <detail::MetadataReadable T>
  [[nodiscard]] std::optional<T> get() const& {
    if constexpr (detail::MetadataInteger<T>) {
      using Widest = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
      const auto integer = converted<Widest>();
      if (!integer || !std::in_range<T>(*integer)) return std::nullopt;
      return static_cast<T>(*integer);
    } else {
      return converted<T>();
    }
  }
  /// Deleted, because the view would refer to a temporary.
  template <std::same_as<std::string_view> T>
  std::optional<T> get() const&& = delete;

  /// The value as a variant to visit.
  [[nodiscard]] const Variant& variant() const noexcept { return value_; }

  /// True if type and value are equal; 1 and 1.0 are different.
  friend bool operator==(const MetadataValue&, const MetadataValue&) = default;
  /// Writes scalars in full, strings in double quotes, in which quotes and control characters are escaped,
  /// and of arrays and sparse vectors the first values and, if there are more, their number.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const MetadataValue& value);

 private:
  /// A scalar of exactly this type. The constructors that make the variant are not in the header, because
  /// each file that includes it would compile them again.
  template <class T>
  struct Exactly {
    T value;
  };
  explicit MetadataValue(Exactly<bool> scalar);
  explicit MetadataValue(Exactly<std::int64_t> scalar);
  explicit MetadataValue(Exactly<double> scalar);

  /// Defined in the library for the types that `get` asks for.
  template <class T>
  [[nodiscard]] std::optional<T> converted() const;

  Variant value_;
};

/// A value of `UpdateMetadata`: a `MetadataValue`, or `nullptr` to delete the key.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
class CHROMA_API UpdateMetadataValue {
 public:
  /// The value false, as that of `MetadataValue()`.
  UpdateMetadataValue();
  UpdateMetadataValue(const UpdateMetadataValue& other);
  UpdateMetadataValue(UpdateMetadataValue&& other) noexcept;
  UpdateMetadataValue& operator=(const UpdateMetadataValue& other);
  UpdateMetadataValue& operator=(UpdateMetadataValue&& other) noexcept;
  ~UpdateMetadataValue();

  /// Deletes the key.
  UpdateMetadataValue(std::nullptr_t) noexcept;
  UpdateMetadataValue(MetadataValue value);
  /// Converts from every type that `MetadataValue` converts from.
  template <class T>
  requires(std::is_convertible_v<T, MetadataValue> &&
           !std::is_same_v<std::remove_cvref_t<T>, UpdateMetadataValue> &&
           !std::is_same_v<std::remove_cvref_t<T>, MetadataValue>) UpdateMetadataValue(T&& value)
      : UpdateMetadataValue(MetadataValue(std::forward<T>(value))) {}

  /// True if it deletes the key.
  [[nodiscard]] bool is_null() const noexcept { return !value_.has_value(); }
  /// The value; unset if it deletes the key.
  [[nodiscard]] const std::optional<MetadataValue>& value() const noexcept { return value_; }
  /// The value if it is a `T`, else nullptr.
  template <detail::AlternativeOf<MetadataValue::Variant> T>
  [[nodiscard]] const T* get_if() const noexcept {
    return value_ ? value_->template get_if<T>() : nullptr;
  }
  /// True if the value is a `T`.
  template <detail::AlternativeOf<MetadataValue::Variant> T>
  [[nodiscard]] bool is() const noexcept {
    return value_ && value_->template is<T>();
  }

  friend bool operator==(const UpdateMetadataValue&, const UpdateMetadataValue&) = default;
  /// Writes the value as `MetadataValue` does, or "null" if it deletes the key.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const UpdateMetadataValue& value);

 private:
  std::optional<MetadataValue> value_;
};

/// The metadata of a record or of a collection, by key: `Metadata{{"title", "Dune"}, {"year", 1965}}`, or
/// `m["year"] = 1965`. Keys must not be empty and must not begin with '#' or '$'; operations refuse that.
using Metadata = std::map<std::string, MetadataValue>;

/// A change of the metadata of a record: it sets the keys that it contains, or deletes them if their value is
/// `nullptr`. Other keys of the record keep their values.
using UpdateMetadata = std::map<std::string, UpdateMetadataValue>;

/// Writes for example `{title: "Dune", year: 1965}`.
CHROMA_API std::ostream& operator<<(std::ostream& out, const Metadata& metadata);
/// Writes for example `{title: "Dune", year: null}`.
CHROMA_API std::ostream& operator<<(std::ostream& out, const UpdateMetadata& metadata);

}  // namespace chroma

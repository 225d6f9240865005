// The conversions of MetadataValue::get.
#include <chroma/metadata.hpp>

#include <cfloat>
#include <cmath>
#include <concepts>
#include <limits>

namespace chroma {
namespace {

template <class T>
concept Number = std::same_as<T, std::int64_t> || std::same_as<T, std::uint64_t> || std::same_as<T, float> ||
    std::same_as<T, double>;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <std::integral Integer>
std::optional<Integer> to_integer(double value) {
  // One more than the largest integer: a power of two, which a double holds exactly.
  constexpr Integer half = std::numeric_limits<Integer>::max() / 2 + 1;
  constexpr double end = 2 * static_cast<double>(half);
  constexpr double begin = std::signed_integral<Integer> ? -end : 0;
  if (!(value >= begin && value < end) || std::trunc(value) != value) return std::nullopt;
  return static_cast<Integer>(value);
}

std::optional<double> to_double(std::int64_t value) {
  const auto rounded = static_cast<double>(value);
  return to_integer<std::int64_t>(rounded) == value ? std::optional(rounded) : std::nullopt;
}

std::optional<float> to_float(double value) {
  if (!std::isfinite(value)) return static_cast<float>(value);
  if (std::fabs(value) > FLT_MAX) return std::nullopt;
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) == value ? std::optional(rounded) : std::nullopt;
}

template <Number To>
std::optional<To> convert_number(std::int64_t value) {
  if constexpr (std::integral<To>) {
    return std::in_range<To>(value) ? std::optional(static_cast<To>(value)) : std::nullopt;
  } else {
    const auto exact = to_double(value);
    if constexpr (std::same_as<To, double>) {
      return exact;
    } else {
      return exact ? to_float(*exact) : std::nullopt;
    }
  }
}

template <Number To>
std::optional<To> convert_number(double value) {
  if constexpr (std::integral<To>) {
    return to_integer<To>(value);
  } else if constexpr (std::same_as<To, float>) {
    return to_float(value);
  } else {
    return value;
  }
}

template <class To, class From>
std::optional<To> convert(const From& value) {
  if constexpr (std::same_as<To, From> ||
                (std::same_as<To, std::string_view> && std::same_as<From, std::string>)) {
    return To(value);
  } else if constexpr (Number<To> && Number<From>) {
    return convert_number<To>(value);
  } else if constexpr (is_vector<To> && is_vector<From>) {
    if (value.empty()) return To();
    using Element = typename To::value_type;
    if constexpr (Number<Element> && Number<typename From::value_type>) {
      To elements;
      elements.reserve(value.size());
      for (const auto element : value) {
        const auto converted = convert_number<Element>(element);
        if (!converted) return std::nullopt;
        elements.push_back(*converted);
      }
      return elements;
    }
    return std::nullopt;
  } else {
    return std::nullopt;
  }
}

}  // namespace

template <class T>
std::optional<T> MetadataValue::converted() const {
  return std::visit([](const auto& value) { return convert<T>(value); }, value_);
}

template std::optional<bool> MetadataValue::converted() const;
template std::optional<std::int64_t> MetadataValue::converted() const;
template std::optional<std::uint64_t> MetadataValue::converted() const;
template std::optional<float> MetadataValue::converted() const;
template std::optional<double> MetadataValue::converted() const;
template std::optional<std::string> MetadataValue::converted() const;
template std::optional<std::string_view> MetadataValue::converted() const;
template std::optional<SparseVector> MetadataValue::converted() const;
template std::optional<std::vector<bool>> MetadataValue::converted() const;
template std::optional<std::vector<std::int64_t>> MetadataValue::converted() const;
template std::optional<std::vector<double>> MetadataValue::converted() const;
template std::optional<std::vector<std::string>> MetadataValue::converted() const;

}  // namespace chroma

#pragma once

/// @file
/// The constraint of the members `get_if<T>()` and `is<T>()`.

#include <type_traits>
#include <variant>

namespace chroma::detail {

template <class T, class Variant>
inline constexpr bool is_alternative = false;
template <class T, class... Alternatives>
inline constexpr bool is_alternative<T, std::variant<Alternatives...>> = (std::is_same_v<T, Alternatives> ||
                                                                          ...);

/// `T` is one of the alternatives of the variant. Other types are refused where they are named, instead of
/// inside the standard library.
template <class T, class Variant>
concept AlternativeOf = is_alternative<T, Variant>;

}  // namespace chroma::detail

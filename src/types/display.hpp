#pragma once

#include <cstddef>
#include <iosfwd>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How values are written for people to read.
namespace chroma::detail {

/// Writes a number as the Rust crate displays it: the shortest digits that are read as the same value,
/// without an exponent and without a trailing ".0": 1.5, 2, 0.0001.
void display(std::ostream& out, double value);
/// The text in double quotes. Double quotes, backslashes and control characters are escaped as in JSON.
void display(std::ostream& out, std::string_view text);
/// The same with "..." behind it if the text is cut after `most_bytes`; no character is cut into pieces.
void display(std::ostream& out, std::string_view text, std::size_t most_bytes);
/// The first values of an embedding.
void display(std::ostream& out, std::span<const float> row);
/// The first ids, in double quotes.
void display(std::ostream& out, const std::vector<std::string>& ids);

/// Calls `print(element)` for at most `shown` elements, with commas between them, and "..." for the others.
template <class List, class Print>
void display_first(std::ostream& out, const List& list, std::size_t shown, Print print) {
  for (std::size_t i = 0; i < list.size() && i < shown; ++i) {
    if (i != 0) out << ", ";
    print(list[i]);
  }
  if (list.size() > shown) out << (shown == 0 ? "..." : ", ...");
}

}  // namespace chroma::detail

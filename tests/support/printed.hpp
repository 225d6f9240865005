#pragma once

#include <sstream>
#include <string>

/// The text that `operator<<` writes.
template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

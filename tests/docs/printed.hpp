#pragma once

#include <iostream>
#include <sstream>
#include <string>

namespace chroma::test {

/// What `action` prints on standard output.
template <class Action>
std::string printed(Action action) {
  struct Redirect {
    std::ostringstream text;
    std::streambuf* before = std::cout.rdbuf(text.rdbuf());
    ~Redirect() { std::cout.rdbuf(before); }
  } redirect;
  action();
  return redirect.text.str();
}

}  // namespace chroma::test

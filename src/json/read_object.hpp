#pragma once

#include "json/reader.hpp"

#include <string>
#include <string_view>

namespace chroma::json {

/// Reads an object whose members may have any order: `member(key)` reads the value and returns true, or
/// returns false, and then the value is skipped.
template <class Member>
void read_object(Reader& in, Member member) {
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (!member(key)) in.skip();
  }
}

/// A required member. If it is missing, the error is at the end of the object.
inline void require_member(const Reader& in, bool found, const char* name) {
  if (!found) in.fail(std::string("missing field `") + name + "`");
}

}  // namespace chroma::json

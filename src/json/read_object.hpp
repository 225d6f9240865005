#pragma once

#include "json/reader.hpp"

#include <string>
#include <string_view>

namespace chroma::json {

/// Reads an object whose members come in any order: `member(key)` reads the value and says true, or says
/// false and leaves it, and then the value is passed over.
template <class Member>
void read_object(Reader& in, Member member) {
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (!member(key)) in.skip();
  }
}

/// A member without which the object means nothing. Fails where the object ends.
inline void require_member(const Reader& in, bool found, const char* name) {
  if (!found) in.fail(std::string("missing field `") + name + "`");
}

}  // namespace chroma::json

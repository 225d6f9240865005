#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/key.hpp>

#include <vector>

/// Keys are written as text.
namespace chroma {

inline void write(json::Writer& out, const Key& key) {
  out.string(key.text());
}
inline void read(json::Reader& in, Key& key) {
  key = Key(in.string());
}
/// Keys have no default value, so the generic function for vectors cannot read them.
inline void read(json::Reader& in, std::vector<Key>& keys) {
  keys.clear();
  in.begin_array();
  while (in.next_element()) keys.emplace_back(in.string());
}

}  // namespace chroma

#pragma once

#include "json/reader.hpp"
#include "json/writer.hpp"

#include <chroma/key.hpp>

#include <vector>

/// Keys are JSON strings.
namespace chroma {

inline void write(json::Writer& out, const Key& key) {
  out.string(key.text());
}
inline void read(json::Reader& in, Key& key) {
  key = Key(in.string());
}
/// `Key` has no default constructor, so the function template for vectors cannot be used.
inline void read(json::Reader& in, std::vector<Key>& keys) {
  keys.clear();
  in.begin_array();
  while (in.next_element()) keys.emplace_back(in.string());
}

}  // namespace chroma

#pragma once

#include "codec/codec.hpp"

#include <chroma/key.hpp>

#include <vector>

/// Keys as texts.
namespace chroma::codec {

inline void write(JsonWriter& out, const Key& key) {
  out.string(key.text());
}

[[nodiscard]] inline std::vector<Key> read_keys(JsonReader& in) {
  std::vector<Key> keys;
  in.begin_array();
  while (in.next_element()) keys.emplace_back(in.string());
  return keys;
}

}  // namespace chroma::codec

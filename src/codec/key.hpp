#pragma once

#include "codec/codec.hpp"

#include <chroma/key.hpp>

#include <vector>

/// Keys as texts.
namespace chroma {

inline void write(json::Writer& out, const Key& key) {
  out.string(key.text());
}

[[nodiscard]] inline std::vector<Key> read_keys(json::Reader& in) {
  std::vector<Key> keys;
  in.begin_array();
  while (in.next_element()) keys.emplace_back(in.string());
  return keys;
}

}  // namespace chroma

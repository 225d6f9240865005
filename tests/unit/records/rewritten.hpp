#pragma once

#include "codec/codec.hpp"

#include <string>
#include <string_view>

namespace chroma::codec {

/// The text that encoding writes of what decoding reads from `text`.
template <class T>
std::string rewritten(std::string_view text) {
  return std::string(encode(decode<T>(text)).view());
}

}  // namespace chroma::codec

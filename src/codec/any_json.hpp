#pragma once

#include "codec/json_reader.hpp"

namespace chroma::codec {

/// Any well-formed JSON value, which is checked and passed over.
struct AnyJson {};

inline void read(JsonReader& in, AnyJson&) {
  in.skip();
}

}  // namespace chroma::codec

#pragma once

#include "json/reader.hpp"

namespace chroma::json {

/// Any well-formed JSON value, which is checked and skipped.
struct AnyJson {};

inline void read(Reader& in, AnyJson&) {
  in.skip();
}

}  // namespace chroma::json

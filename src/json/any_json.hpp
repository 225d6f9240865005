#pragma once

#include "json/reader.hpp"

namespace chroma::json {

/// Any well-formed JSON value: it is checked and skipped.
struct AnyJson {};

inline void read(Reader& in, AnyJson&) {
  in.skip();
}

}  // namespace chroma::json

#pragma once

#include "json/reader.hpp"

namespace chroma::json {

/// Stands for any JSON value: reading it checks the syntax and discards the value.
struct AnyJson {};

inline void read(Reader& in, AnyJson&) {
  in.skip();
}

}  // namespace chroma::json

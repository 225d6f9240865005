#pragma once

#include "codec/codec.hpp"
#include "codec/configuration.hpp"
#include "codec/index_config.hpp"
#include "codec/schema.hpp"
#include "unit/records/refusal.hpp"

#include <sstream>
#include <string>

/// The value as JSON text, as requests carry it.
template <class T>
std::string json_of(const T& value) {
  return std::string(chroma::codec::encode(value).view());
}

/// The text that `operator<<` writes.
template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

#pragma once

#include "codec/codec.hpp"
#include "codec/configuration.hpp"
#include "codec/index_config.hpp"
#include "codec/schema.hpp"
#include "unit/records/refusal.hpp"

#include <sstream>
#include <string>

/// The value's wire form.
template <class T>
std::string json_of(const T& value) {
  return std::string(chroma::codec::encode(value).view());
}

/// What is printed for people.
template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

#pragma once

#include "codec/codec.hpp"
#include "codec/configuration.hpp"
#include "codec/index_config.hpp"
#include "codec/schema.hpp"
#include "support/printed.hpp"
#include "unit/records/refusal.hpp"

#include <limits>
#include <string>

/// The value as JSON text, as requests carry it.
template <class T>
std::string json_of(const T& value) {
  return std::string(chroma::codec::encode(value).view());
}

/// A number that is not finite.
inline constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

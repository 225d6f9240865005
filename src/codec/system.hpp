#pragma once

#include "codec/codec.hpp"

#include <cstdint>
#include <string>

/// Bodies about the server, tenants and databases that no public type stands for.
namespace chroma::codec {

/// Creates a tenant or a database.
struct NameBody {
  std::string name;
};

/// The response that says how many forks a collection has.
struct ForkCount {
  std::uint64_t count = 0;
};

}  // namespace chroma::codec

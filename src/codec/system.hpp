#pragma once

#include "codec/codec.hpp"

#include <cstdint>
#include <string>

/// Bodies of requests and responses about the server, tenants, databases and forks that are not public types.
namespace chroma::codec {

/// The body of the requests that create a tenant or a database.
struct NameBody {
  std::string name;
};

/// The response with the number of forks of a collection.
struct ForkCount {
  std::uint64_t count = 0;
};

}  // namespace chroma::codec

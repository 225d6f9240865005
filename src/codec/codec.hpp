#pragma once

#include "json/any_json.hpp"
#include "json/values.hpp"

/// The bodies of requests and responses: how Chroma's objects are read from and written as JSON.
namespace chroma::codec {

using json::AnyJson;
using json::decode;
using json::encode;

}  // namespace chroma::codec

#pragma once

#include "codec/collection.hpp"
#include "codec/records.hpp"
#include "codec/search.hpp"
#include "codec/system.hpp"

#include <chroma/metadata.hpp>
#include <chroma/schema.hpp>

#include <optional>
#include <string>

namespace chroma::codec {

struct NameBody {
  std::string name;
};
inline core::Buffer encode(const NameBody& body) {
  return encode_name(body.name);
}

struct CreateCollectionBody {
  bool get_or_create = false;
  std::optional<Metadata> metadata;
  std::string name;
  std::optional<Schema> schema;
};
inline core::Buffer encode(const CreateCollectionBody& body) {
  return encode_create_collection(body.name, body.schema, body.metadata, body.get_or_create);
}

struct ModifyCollectionBody {
  std::optional<Metadata> new_metadata;
  std::optional<std::string> new_name;
};
inline core::Buffer encode(const ModifyCollectionBody& body) {
  return encode_modify_collection(body.new_name, body.new_metadata);
}

struct ForkBody {
  std::string new_name;
};
inline core::Buffer encode(const ForkBody& body) {
  return encode_fork(body.new_name);
}

template <class Request>
struct RecordsBody {
  Request request;
  bool base64 = false;
};
template <class Request>
core::Buffer encode(const RecordsBody<Request>& body) {
  return encode(body.request, body.base64);
}

}  // namespace chroma::codec

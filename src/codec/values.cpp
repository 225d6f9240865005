// Values whose JSON form is defined in types, and keys.
#include "codec/instantiate.hpp"
#include "codec/key.hpp"
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

namespace chroma {

// These have no default value to read into.
template <>
Where codec::decode(std::string_view text) {
  return Where::parse(text);
}
template <>
Key codec::decode(std::string_view text) {
  return Key(json::decode<std::string>(text));
}

CHROMA_CODEC(MetadataValue);
CHROMA_CODEC(UpdateMetadataValue);
CHROMA_CODEC(Metadata);
CHROMA_CODEC(UpdateMetadata);
CHROMA_CODEC(SparseVector);
CHROMA_ENCODE(Where);
CHROMA_JSON(Where);
CHROMA_ENCODE(Key);
CHROMA_JSON(Key);

}  // namespace chroma

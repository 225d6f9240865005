// Instantiations for keys and for the values whose JSON form is defined in src/types.
#include "codec/instantiate.hpp"
#include "codec/key.hpp"
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

namespace chroma {

// These types have no default constructor.
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

#include "codec/collection.hpp"
#include "codec/configuration.hpp"
#include "codec/index_config.hpp"
#include "codec/records.hpp"
#include "codec/schema.hpp"
#include "codec/search.hpp"
#include "codec/system.hpp"
#include "json/values.hpp"
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

#include <chroma/error.hpp>

// What <chroma/json.hpp> declares; the header itself would bring nlohmann's library into the codec.
namespace chroma::detail {
namespace {

/// Values that are a text or have no empty state are read by their own constructors.
template <class T>
struct Text {
  static std::string to(const T& value) { return std::string(json::encode(value).view()); }
  static T from(std::string_view text) { return json::decode<T>(text); }
};

template <>
struct Text<Where> {
  static std::string to(const Where& value) { return value.to_json(); }
  static Where from(std::string_view text) { return Where::parse(text); }
};

template <>
struct Text<Key> {
  static std::string to(const Key& value) { return Text<std::string>::to(value.text()); }
  static Key from(std::string_view text) { return Key(Text<std::string>::from(text)); }
};

template <>
struct Text<Include> {
  static std::string to(Include value) { return Text<std::string>::to(to_string(value)); }
  static Include from(std::string_view text) {
    const auto name = Text<std::string>::from(text);
    if (const auto column = find_include(name)) return *column;
    throw ChromaHttpClientError(SerdeError{"unknown column '" + name + "'", {}});
  }
};

}  // namespace

template <class T>
std::string to_json_text(const T& value) {
  return Text<T>::to(value);
}
template <class T>
T from_json_text(std::string_view text) {
  return Text<T>::from(text);
}

#define CHROMA_JSON_TEXT(...)                                       \
  template CHROMA_API std::string to_json_text(const __VA_ARGS__&); \
  template CHROMA_API __VA_ARGS__ from_json_text<__VA_ARGS__>(std::string_view)

CHROMA_JSON_TEXT(MetadataValue);
CHROMA_JSON_TEXT(UpdateMetadataValue);
CHROMA_JSON_TEXT(Metadata);
CHROMA_JSON_TEXT(UpdateMetadata);
CHROMA_JSON_TEXT(SparseVector);
CHROMA_JSON_TEXT(Where);
CHROMA_JSON_TEXT(Key);
CHROMA_JSON_TEXT(Include);
CHROMA_JSON_TEXT(IncludeList);
CHROMA_JSON_TEXT(Embeddings);
CHROMA_JSON_TEXT(AddRequest);
CHROMA_JSON_TEXT(UpsertRequest);
CHROMA_JSON_TEXT(UpdateRequest);
CHROMA_JSON_TEXT(GetRequest);
CHROMA_JSON_TEXT(QueryRequest);
CHROMA_JSON_TEXT(DeleteRequest);

CHROMA_JSON_TEXT(GetResponse);
CHROMA_JSON_TEXT(QueryResponse);
CHROMA_JSON_TEXT(SearchResponse);
CHROMA_JSON_TEXT(DeleteResponse);
CHROMA_JSON_TEXT(IndexStatusResponse);
CHROMA_JSON_TEXT(HeartbeatResponse);
CHROMA_JSON_TEXT(GetUserIdentityResponse);
CHROMA_JSON_TEXT(Database);
CHROMA_JSON_TEXT(Tenant);
CHROMA_JSON_TEXT(PreFlightChecks);
CHROMA_JSON_TEXT(HealthcheckResponse);
CHROMA_JSON_TEXT(Collection);

CHROMA_JSON_TEXT(QueryVector);
CHROMA_JSON_TEXT(Knn);
CHROMA_JSON_TEXT(RankExpr);
CHROMA_JSON_TEXT(Aggregate);
CHROMA_JSON_TEXT(GroupBy);
CHROMA_JSON_TEXT(SearchPayload);
CHROMA_JSON_TEXT(SearchRequest);
CHROMA_JSON_TEXT(ReadLevel);

CHROMA_JSON_TEXT(Space);
CHROMA_JSON_TEXT(EmbeddingFunctionConfiguration);
CHROMA_JSON_TEXT(VectorIndexConfig);
CHROMA_JSON_TEXT(HnswIndexConfig);
CHROMA_JSON_TEXT(SpannIndexConfig);
CHROMA_JSON_TEXT(SparseVectorIndexConfig);
CHROMA_JSON_TEXT(FtsIndexConfig);
CHROMA_JSON_TEXT(StringInvertedIndexConfig);
CHROMA_JSON_TEXT(IntInvertedIndexConfig);
CHROMA_JSON_TEXT(FloatInvertedIndexConfig);
CHROMA_JSON_TEXT(BoolInvertedIndexConfig);
CHROMA_JSON_TEXT(Index<VectorIndexConfig>);
CHROMA_JSON_TEXT(Index<SparseVectorIndexConfig>);
CHROMA_JSON_TEXT(Index<FtsIndexConfig>);
CHROMA_JSON_TEXT(Index<StringInvertedIndexConfig>);
CHROMA_JSON_TEXT(Index<IntInvertedIndexConfig>);
CHROMA_JSON_TEXT(Index<FloatInvertedIndexConfig>);
CHROMA_JSON_TEXT(Index<BoolInvertedIndexConfig>);
CHROMA_JSON_TEXT(StringValueType);
CHROMA_JSON_TEXT(FloatListValueType);
CHROMA_JSON_TEXT(SparseVectorValueType);
CHROMA_JSON_TEXT(IntValueType);
CHROMA_JSON_TEXT(FloatValueType);
CHROMA_JSON_TEXT(BoolValueType);
CHROMA_JSON_TEXT(ValueTypes);
CHROMA_JSON_TEXT(Cmek);
CHROMA_JSON_TEXT(Schema);
CHROMA_JSON_TEXT(HnswConfiguration);
CHROMA_JSON_TEXT(SpannConfiguration);
CHROMA_JSON_TEXT(CollectionConfiguration);
CHROMA_JSON_TEXT(UpdateHnswConfiguration);
CHROMA_JSON_TEXT(UpdateSpannConfiguration);
CHROMA_JSON_TEXT(UpdateCollectionConfiguration);

#undef CHROMA_JSON_TEXT

}  // namespace chroma::detail

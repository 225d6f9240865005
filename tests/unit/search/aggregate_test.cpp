// GCC 12 destroys a temporary twice if its type is an aggregate and it is an argument of an awaited call.
// Therefore no type that a caller passes in may be an aggregate. A type that is one fails the test of its
// name.
#include <chroma/configuration.hpp>
#include <chroma/requests.hpp>
#include <chroma/schema.hpp>
#include <chroma/search.hpp>

#include <type_traits>

namespace chroma {
namespace {

#define CHROMA_NO_AGGREGATE(...) \
  static_assert(!std::is_aggregate_v<__VA_ARGS__>, #__VA_ARGS__ " is an aggregate")

CHROMA_NO_AGGREGATE(MetadataValue);
CHROMA_NO_AGGREGATE(UpdateMetadataValue);
CHROMA_NO_AGGREGATE(Metadata);
CHROMA_NO_AGGREGATE(UpdateMetadata);
CHROMA_NO_AGGREGATE(SparseVector);
CHROMA_NO_AGGREGATE(Key);
CHROMA_NO_AGGREGATE(Where);
CHROMA_NO_AGGREGATE(WhereSet);
CHROMA_NO_AGGREGATE(CompositeExpression);
CHROMA_NO_AGGREGATE(DocumentExpression);
CHROMA_NO_AGGREGATE(MetadataExpression);
CHROMA_NO_AGGREGATE(PrimitiveComparison);
CHROMA_NO_AGGREGATE(SetComparison);
CHROMA_NO_AGGREGATE(ArrayComparison);
CHROMA_NO_AGGREGATE(QueryText);
CHROMA_NO_AGGREGATE(QueryVector);
CHROMA_NO_AGGREGATE(Knn);
CHROMA_NO_AGGREGATE(RankExpr);
CHROMA_NO_AGGREGATE(RankOperation);
CHROMA_NO_AGGREGATE(Aggregate);
CHROMA_NO_AGGREGATE(GroupBy);
CHROMA_NO_AGGREGATE(SearchPayload);
CHROMA_NO_AGGREGATE(SearchRequest);
CHROMA_NO_AGGREGATE(Include);
CHROMA_NO_AGGREGATE(IncludeList);
CHROMA_NO_AGGREGATE(ReadLevel);
CHROMA_NO_AGGREGATE(Embeddings);
CHROMA_NO_AGGREGATE(detail::EmbeddingRow);
CHROMA_NO_AGGREGATE(detail::MetadataEntry<Metadata>);
CHROMA_NO_AGGREGATE(detail::MetadataEntry<UpdateMetadata>);
CHROMA_NO_AGGREGATE(Column<std::string>);
CHROMA_NO_AGGREGATE(Column<Metadata>);
CHROMA_NO_AGGREGATE(Column<UpdateMetadata>);
CHROMA_NO_AGGREGATE(AddRequest);
CHROMA_NO_AGGREGATE(UpsertRequest);
CHROMA_NO_AGGREGATE(UpdateRequest);
CHROMA_NO_AGGREGATE(GetRequest);
CHROMA_NO_AGGREGATE(QueryRequest);
CHROMA_NO_AGGREGATE(DeleteRequest);
CHROMA_NO_AGGREGATE(EmbeddingFunctionConfiguration);
CHROMA_NO_AGGREGATE(HnswIndexConfig);
CHROMA_NO_AGGREGATE(SpannIndexConfig);
CHROMA_NO_AGGREGATE(VectorIndexConfig);
CHROMA_NO_AGGREGATE(SparseVectorIndexConfig);
CHROMA_NO_AGGREGATE(FtsIndexConfig);
CHROMA_NO_AGGREGATE(StringInvertedIndexConfig);
CHROMA_NO_AGGREGATE(IntInvertedIndexConfig);
CHROMA_NO_AGGREGATE(FloatInvertedIndexConfig);
CHROMA_NO_AGGREGATE(BoolInvertedIndexConfig);
CHROMA_NO_AGGREGATE(IndexConfig);
CHROMA_NO_AGGREGATE(Index<VectorIndexConfig>);
CHROMA_NO_AGGREGATE(Index<SparseVectorIndexConfig>);
CHROMA_NO_AGGREGATE(Index<FtsIndexConfig>);
CHROMA_NO_AGGREGATE(Index<StringInvertedIndexConfig>);
CHROMA_NO_AGGREGATE(Index<IntInvertedIndexConfig>);
CHROMA_NO_AGGREGATE(Index<FloatInvertedIndexConfig>);
CHROMA_NO_AGGREGATE(Index<BoolInvertedIndexConfig>);
CHROMA_NO_AGGREGATE(StringValueType);
CHROMA_NO_AGGREGATE(FloatListValueType);
CHROMA_NO_AGGREGATE(SparseVectorValueType);
CHROMA_NO_AGGREGATE(IntValueType);
CHROMA_NO_AGGREGATE(FloatValueType);
CHROMA_NO_AGGREGATE(BoolValueType);
CHROMA_NO_AGGREGATE(ValueTypes);
CHROMA_NO_AGGREGATE(Cmek);
CHROMA_NO_AGGREGATE(Schema);
CHROMA_NO_AGGREGATE(HnswConfiguration);
CHROMA_NO_AGGREGATE(SpannConfiguration);
CHROMA_NO_AGGREGATE(CollectionConfiguration);
CHROMA_NO_AGGREGATE(UpdateHnswConfiguration);
CHROMA_NO_AGGREGATE(UpdateSpannConfiguration);
CHROMA_NO_AGGREGATE(UpdateCollectionConfiguration);

#undef CHROMA_NO_AGGREGATE

}  // namespace
}  // namespace chroma

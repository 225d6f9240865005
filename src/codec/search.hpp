#pragma once

#include "codec/codec.hpp"

#include <chroma/search.hpp>

/// Ranks and searches as a request carries them, and back.
namespace chroma::codec {

void read(JsonReader& in, QueryVector& vector);
void write(JsonWriter& out, const QueryVector& vector);
void read(JsonReader& in, Knn& knn);
void write(JsonWriter& out, const Knn& knn);
/// Reading is as deep as the reader allows, writing as deep as the tree is.
void read(JsonReader& in, RankExpr& rank);
void write(JsonWriter& out, const RankExpr& rank);

void read(JsonReader& in, Aggregate& aggregate);
void write(JsonWriter& out, const Aggregate& aggregate);
void read(JsonReader& in, GroupBy& group);
void write(JsonWriter& out, const GroupBy& group);
/// Ids that a filter holds stay part of the filter. A filter that cannot be read is an InvalidWhere.
void read(JsonReader& in, SearchPayload& search);
void write(JsonWriter& out, const SearchPayload& search);
void read(JsonReader& in, SearchRequest& request);
void write(JsonWriter& out, const SearchRequest& request);
void read(JsonReader& in, ReadLevel& level);
void write(JsonWriter& out, ReadLevel level);

}  // namespace chroma::codec

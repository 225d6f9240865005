#pragma once

#include "codec/codec.hpp"

#include <chroma/search.hpp>

/// Rank expressions and searches: writing them into requests, and reading them.
namespace chroma {

void read(json::Reader& in, QueryVector& vector);
void write(json::Writer& out, const QueryVector& vector);
void read(json::Reader& in, Knn& knn);
void write(json::Writer& out, const Knn& knn);
/// Reading is as deep as the reader allows, writing as deep as the tree is.
void read(json::Reader& in, RankExpr& rank);
void write(json::Writer& out, const RankExpr& rank);

void read(json::Reader& in, Aggregate& aggregate);
void write(json::Writer& out, const Aggregate& aggregate);
void read(json::Reader& in, GroupBy& group);
void write(json::Writer& out, const GroupBy& group);
/// Ids that a filter holds stay part of the filter. A filter that cannot be read is an InvalidWhere.
void read(json::Reader& in, SearchPayload& search);
void write(json::Writer& out, const SearchPayload& search);
void read(json::Reader& in, SearchRequest& request);
void write(json::Writer& out, const SearchRequest& request);
void read(json::Reader& in, ReadLevel& level);
void write(json::Writer& out, ReadLevel level);

}  // namespace chroma

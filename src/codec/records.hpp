#pragma once

#include "codec/codec.hpp"
#include "codec/metadata.hpp"
#include "codec/where.hpp"

#include <chroma/requests.hpp>
#include <chroma/responses.hpp>

/// Bodies of the record operations and their answers.
namespace chroma::codec {

// Requests. Those that store records are written in one buffer that is made of the right size at once; their
// embeddings go in as base64 or as numbers without a copy of the matrix.

[[nodiscard]] core::Buffer encode(const AddRequest& request, bool base64);
[[nodiscard]] core::Buffer encode(const UpsertRequest& request, bool base64);
[[nodiscard]] core::Buffer encode(const UpdateRequest& request, bool base64);

/// False if it makes no difference how embeddings are written.
template <class Derived, class Map>
[[nodiscard]] bool has_embeddings(const detail::WriteRequest<Derived, Map>& request) noexcept {
  return request.embeddings() && !request.embeddings()->empty();
}

void write(JsonWriter& out, const AddRequest& request);
void write(JsonWriter& out, const UpsertRequest& request);
void write(JsonWriter& out, const UpdateRequest& request);
void write(JsonWriter& out, const GetRequest& request);
void write(JsonWriter& out, const QueryRequest& request);
void write(JsonWriter& out, const DeleteRequest& request);

void read(JsonReader& in, AddRequest& request);
void read(JsonReader& in, UpsertRequest& request);
void read(JsonReader& in, UpdateRequest& request);
void read(JsonReader& in, GetRequest& request);
void read(JsonReader& in, QueryRequest& request);
void read(JsonReader& in, DeleteRequest& request);

// Their parts.

/// Numbers; null for a missing row.
void write(JsonWriter& out, const Embeddings& embeddings);
/// Rows of numbers, or of base64 where a request has them; null for a missing row.
void read(JsonReader& in, Embeddings& embeddings);
/// Without repetitions.
void write(JsonWriter& out, const IncludeList& list);
/// Strict: an unknown name is an error.
void read(JsonReader& in, IncludeList& list);

// Answers. One pass over the text into the final columns. Columns may be absent, unknown keys are passed
// over, types are strict.

void read(JsonReader& in, GetResponse& response);
void read(JsonReader& in, QueryResponse& response);
void read(JsonReader& in, SearchResponse& response);
void read(JsonReader& in, DeleteResponse& response);

void write(JsonWriter& out, const GetResponse& response);
void write(JsonWriter& out, const QueryResponse& response);
void write(JsonWriter& out, const SearchResponse& response);
void write(JsonWriter& out, const DeleteResponse& response);

}  // namespace chroma::codec

#pragma once

#include "codec/codec.hpp"
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

#include <chroma/requests.hpp>
#include <chroma/responses.hpp>

/// Bodies and responses of the operations on records.
namespace chroma {

// Requests. Those that store records are written in one buffer that is made of the right size at once; their
// embeddings go in as base64 or as numbers without a copy of the matrix.

namespace codec {

[[nodiscard]] core::Buffer encode(const AddRequest& request, bool base64);
[[nodiscard]] core::Buffer encode(const UpsertRequest& request, bool base64);
[[nodiscard]] core::Buffer encode(const UpdateRequest& request, bool base64);

/// False if the request has no embeddings, so that their encoding does not matter.
template <class Derived, class Map>
[[nodiscard]] bool has_embeddings(const detail::WriteRequest<Derived, Map>& request) noexcept {
  return request.embeddings() && !request.embeddings()->empty();
}

}  // namespace codec

void write(json::Writer& out, const AddRequest& request);
void write(json::Writer& out, const UpsertRequest& request);
void write(json::Writer& out, const UpdateRequest& request);
void write(json::Writer& out, const GetRequest& request);
void write(json::Writer& out, const QueryRequest& request);
void write(json::Writer& out, const DeleteRequest& request);

void read(json::Reader& in, AddRequest& request);
void read(json::Reader& in, UpsertRequest& request);
void read(json::Reader& in, UpdateRequest& request);
void read(json::Reader& in, GetRequest& request);
void read(json::Reader& in, QueryRequest& request);
void read(json::Reader& in, DeleteRequest& request);

// Their parts.

/// Numbers; null for a missing row.
void write(json::Writer& out, const Embeddings& embeddings);
/// Rows of numbers, or of base64 where a request has them; null for a missing row.
void read(json::Reader& in, Embeddings& embeddings);
/// Without repetitions.
void write(json::Writer& out, const IncludeList& list);
/// Strict: an unknown name is an error.
void read(json::Reader& in, IncludeList& list);

// Responses. One pass over the text into the final columns. Columns may be absent, unknown keys are passed
// over, types are strict.

void read(json::Reader& in, GetResponse& response);
void read(json::Reader& in, QueryResponse& response);
void read(json::Reader& in, SearchResponse& response);
void read(json::Reader& in, DeleteResponse& response);

void write(json::Writer& out, const GetResponse& response);
void write(json::Writer& out, const QueryResponse& response);
void write(json::Writer& out, const SearchResponse& response);
void write(json::Writer& out, const DeleteResponse& response);

}  // namespace chroma

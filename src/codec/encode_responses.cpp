#include "codec/key.hpp"
#include "codec/records.hpp"
#include "json/fields.hpp"

namespace chroma {

void write(json::Writer& out, const GetResponse& response) {
  write_object(out, "ids", response.ids, "embeddings", response.embeddings, "documents", response.documents,
               "uris", response.uris, "metadatas", response.metadatas, "include", response.include);
}

void write(json::Writer& out, const QueryResponse& response) {
  write_object(out, "ids", response.ids, "embeddings", response.embeddings, "documents", response.documents,
               "uris", response.uris, "metadatas", response.metadatas, "distances", response.distances,
               "include", response.include);
}

void write(json::Writer& out, const SearchResponse& response) {
  write_object(out, "ids", response.ids, "documents", response.documents, "embeddings", response.embeddings,
               "metadatas", response.metadatas, "scores", response.scores, "select", response.select);
}

void write(json::Writer& out, const DeleteResponse& response) {
  write_object(out, "deleted", response.deleted);
}

}  // namespace chroma

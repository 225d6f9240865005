#include "codec/key.hpp"
#include "codec/records.hpp"

namespace chroma::codec {

void write(JsonWriter& out, const GetResponse& response) {
  out.raw(R"({"ids":)");
  write(out, response.ids);
  out.raw(R"(,"embeddings":)");
  write(out, response.embeddings);
  out.raw(R"(,"documents":)");
  write(out, response.documents);
  out.raw(R"(,"uris":)");
  write(out, response.uris);
  out.raw(R"(,"metadatas":)");
  write(out, response.metadatas);
  out.raw(R"(,"include":)");
  write(out, response.include);
  out.raw('}');
}

void write(JsonWriter& out, const QueryResponse& response) {
  out.raw(R"({"ids":)");
  write(out, response.ids);
  out.raw(R"(,"embeddings":)");
  write(out, response.embeddings);
  out.raw(R"(,"documents":)");
  write(out, response.documents);
  out.raw(R"(,"uris":)");
  write(out, response.uris);
  out.raw(R"(,"metadatas":)");
  write(out, response.metadatas);
  out.raw(R"(,"distances":)");
  write(out, response.distances);
  out.raw(R"(,"include":)");
  write(out, response.include);
  out.raw('}');
}

void write(JsonWriter& out, const SearchResponse& response) {
  out.raw(R"({"ids":)");
  write(out, response.ids);
  out.raw(R"(,"documents":)");
  write(out, response.documents);
  out.raw(R"(,"embeddings":)");
  write(out, response.embeddings);
  out.raw(R"(,"metadatas":)");
  write(out, response.metadatas);
  out.raw(R"(,"scores":)");
  write(out, response.scores);
  out.raw(R"(,"select":)");
  write(out, response.select);
  out.raw('}');
}

void write(JsonWriter& out, const DeleteResponse& response) {
  out.raw(R"({"deleted":)");
  write(out, response.deleted);
  out.raw('}');
}

}  // namespace chroma::codec

#include "codec/records.hpp"
#include "core/base64.hpp"
#include "json/number_text.hpp"

#include <bit>
#include <cstdint>
#include <span>

namespace chroma {
namespace {

// A usual f32 text with its comma. An estimate: the buffer grows where it is too small.
constexpr std::size_t usual_number = 12;
constexpr std::size_t usual_metadata_entry = 48;

using Texts = std::optional<std::vector<std::optional<std::string>>>;

std::size_t size_of(const Embeddings& embeddings, bool base64) {
  std::size_t size = 2;
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    const std::size_t values = embeddings[i].size();
    // Quotes, comma, the closing NUL of the base64 writer; or brackets, comma and the null of a missing row.
    size += base64 ? core::base64_size(values * sizeof(float)) + 4 : values * usual_number + 5;
  }
  return size;
}

std::size_t size_of(const Texts& column) {
  std::size_t size = 4;
  if (!column) return size;
  for (const auto& text : *column) size += text ? text->size() + 3 : 5;
  return size;
}

template <class Map>
std::size_t size_of(const std::optional<std::vector<std::optional<Map>>>& column) {
  std::size_t size = 4;
  if (!column) return size;
  for (const auto& map : *column) size += map ? 3 + map->size() * usual_metadata_entry : 5;
  return size;
}

template <class Request>
std::size_t size_of(const Request& request, bool base64) {
  constexpr std::size_t keys = 96;
  std::size_t size = keys;
  for (const std::string& id : request.ids()) size += id.size() + 3;
  if (request.embeddings()) size += size_of(*request.embeddings(), base64);
  return size + size_of(request.documents()) + size_of(request.uris()) + size_of(request.metadatas());
}

// The protocol's floats are little-endian.
void write_base64(core::Buffer& out, std::span<const float> row) {
  const std::size_t bytes = row.size() * sizeof(float);
  const std::size_t size = core::base64_size(bytes);
  char* begin = out.prepare(size + 3);
  *begin = '"';
  if constexpr (std::endian::native == std::endian::little) {
    core::base64_encode(row.data(), bytes, begin + 1);
  } else {
    std::vector<std::uint32_t> swapped;
    swapped.reserve(row.size());
    for (const float value : row) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      swapped.push_back(bits >> 24 | (bits >> 8 & 0xFF00) | (bits << 8 & 0xFF0000) | bits << 24);
    }
    core::base64_encode(swapped.data(), bytes, begin + 1);
  }
  begin[size + 1] = '"';
  out.commit(size + 2);
}

void write_numbers(core::Buffer& out, std::span<const float> row) {
  out.push_back('[');
  bool first = true;
  for (const float value : row) {
    char* begin = out.prepare(json::max_number_text + 1);
    char* end = begin;
    if (!first) *end++ = ',';
    first = false;
    end = json::format_number(end, value);
    out.commit(static_cast<std::size_t>(end - begin));
  }
  out.push_back(']');
}

void write_embeddings(json::Writer& out, const Embeddings& embeddings, bool base64) {
  out.raw('[');
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    if (i > 0) out.raw(',');
    if (!embeddings.has_row(i)) {
      out.null();
    } else if (base64) {
      write_base64(out.buffer(), embeddings[i]);
    } else {
      write_numbers(out.buffer(), embeddings[i]);
    }
  }
  out.raw(']');
}

template <class Request>
void write_records(json::Writer& out, const Request& request, bool base64) {
  out.raw(R"({"ids":)");
  write(out, request.ids());
  out.raw(R"(,"embeddings":)");
  if (request.embeddings()) {
    write_embeddings(out, *request.embeddings(), base64);
  } else {
    out.null();
  }
  out.raw(R"(,"documents":)");
  write(out, request.documents());
  out.raw(R"(,"uris":)");
  write(out, request.uris());
  out.raw(R"(,"metadatas":)");
  write(out, request.metadatas());
  out.raw('}');
}

template <class Request>
core::Buffer encode_records(const Request& request, bool base64) {
  core::Buffer text;
  text.reserve(size_of(request, base64));
  json::Writer out(text);
  write_records(out, request, base64);
  return text;
}

}  // namespace

core::Buffer codec::encode(const AddRequest& request, bool base64) {
  return encode_records(request, base64);
}
core::Buffer codec::encode(const UpsertRequest& request, bool base64) {
  return encode_records(request, base64);
}
core::Buffer codec::encode(const UpdateRequest& request, bool base64) {
  return encode_records(request, base64);
}

void write(json::Writer& out, const AddRequest& request) {
  write_records(out, request, false);
}
void write(json::Writer& out, const UpsertRequest& request) {
  write_records(out, request, false);
}
void write(json::Writer& out, const UpdateRequest& request) {
  write_records(out, request, false);
}

void write(json::Writer& out, const GetRequest& request) {
  out.raw(R"({"ids":)");
  write(out, request.ids());
  out.raw(R"(,"where":)");
  write(out, request.where());
  out.raw(R"(,"where_document":null,"limit":)");
  write(out, request.limit());
  out.raw(R"(,"offset":)");
  write(out, request.offset());
  out.raw(R"(,"include":)");
  write(out, request.include());
  out.raw('}');
}

void write(json::Writer& out, const QueryRequest& request) {
  out.raw(R"({"ids":)");
  write(out, request.ids());
  out.raw(R"(,"where":)");
  write(out, request.where());
  out.raw(R"(,"where_document":null,"query_embeddings":)");
  write_embeddings(out, request.query_embeddings(), false);
  out.raw(R"(,"n_results":)");
  write(out, request.n_results());
  out.raw(R"(,"include":)");
  write(out, request.include());
  out.raw('}');
}

void write(json::Writer& out, const DeleteRequest& request) {
  out.raw(R"({"ids":)");
  write(out, request.ids());
  out.raw(R"(,"limit":)");
  write(out, request.limit());
  out.raw(R"(,"where":)");
  write(out, request.where());
  out.raw(R"(,"where_document":null})");
}

void write(json::Writer& out, const Embeddings& embeddings) {
  write_embeddings(out, embeddings, false);
}

void write(json::Writer& out, const IncludeList& list) {
  write_array(out, list.without_duplicates(), [&](Include column) { out.string(to_string(column)); });
}

}  // namespace chroma

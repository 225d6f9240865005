#include "embed/chroma_cloud/wire.hpp"

#include "embed/http/rows.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace chroma {
namespace embed::chroma_cloud {

struct SpladeVector {
  std::vector<std::uint32_t> indices;
  std::vector<float> values;
  std::optional<std::vector<std::string>> labels;
};

}  // namespace embed::chroma_cloud

namespace detail {

template <>
struct Description<embed::chroma_cloud::SpladeVector> {
  static void fields(auto& vector, auto visit) {
    visit(json::required("indices"), vector.indices);
    visit(json::required("values"), vector.values);
    visit("labels", vector.labels);
    visit("tokens", vector.labels);  // An older name.
  }
};

}  // namespace detail

namespace embed::chroma_cloud {
namespace {

void write_texts(json::MemberWriter& members, json::Writer& out, std::span<const std::string> texts) {
  members.name("texts");
  json::write_strings(out, texts);
}

SparseVector to_sparse(const json::Reader& in, SpladeVector vector, bool include_tokens) {
  // The service sends an empty list if there are no labels.
  if (!include_tokens || (vector.labels && vector.labels->empty())) vector.labels.reset();
  try {
    return SparseVector::unchecked(std::move(vector.indices), std::move(vector.values),
                                   std::move(vector.labels))
        .sorted();
  } catch (const ChromaHttpClientError& error) {
    in.fail("the sparse vector is not valid: " + error.get_if<ValidationError>()->message);
  }
}

/// Reads the member `embeddings` of a response; `read_array(in)` reads its value, which is not null.
template <class ReadArray>
void read_embeddings_member(std::string_view body, ReadArray read_array) {
  bool found = false;
  json::Reader in(body);
  json::read_object(in, [&](std::string_view key) {
    if (key != "embeddings") return false;
    if (in.take_null()) return true;
    found = true;
    read_array(in);
    return true;
  });
  in.finish();
  json::require_member(in, found, "embeddings");
}

}  // namespace

core::Buffer write_qwen_request(const std::string& instructions, std::span<const std::string> texts) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  members.value("instructions", instructions);
  write_texts(members, out, texts);
  members.end();
  return body;
}

Embeddings read_qwen_response(std::string_view body) {
  Embeddings rows;
  read_embeddings_member(body, [&](json::Reader& in) { rows = read_rows(in); });
  return rows;
}

core::Buffer write_splade_request(bool include_tokens, std::span<const std::string> texts) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  write_texts(members, out, texts);
  members.value("task", std::string_view());
  members.value("target", std::string_view());
  members.value("fetch_tokens", std::string_view(include_tokens ? "true" : "false"));
  members.end();
  return body;
}

std::vector<SparseVector> read_splade_response(std::string_view body, bool include_tokens) {
  std::vector<SparseVector> vectors;
  read_embeddings_member(body, [&](json::Reader& in) {
    vectors.clear();
    in.begin_array();
    while (in.next_element()) {
      SpladeVector vector;
      json::read_fields(in, vector);
      vectors.push_back(to_sparse(in, std::move(vector), include_tokens));
    }
  });
  return vectors;
}

}  // namespace embed::chroma_cloud
}  // namespace chroma

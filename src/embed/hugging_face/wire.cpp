#include "embed/hugging_face/wire.hpp"

#include "embed/http/rows.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace chroma {
namespace embed::hugging_face {

struct Component {
  std::uint32_t index = 0;
  float value = 0;
};

}  // namespace embed::hugging_face

namespace detail {

template <>
struct Description<embed::hugging_face::Component> {
  static void fields(auto& component, auto visit) {
    visit(json::required("index"), component.index);
    visit(json::required("value"), component.value);
  }
};

template <>
struct Description<embed::hugging_face::Info> {
  static void fields(auto& info, auto visit) {
    visit("max_client_batch_size", json::nullable(info.max_client_batch_size));
    visit("max_concurrent_requests", json::nullable(info.max_concurrent_requests));
  }
  /// A limit of 0 is replaced by the default, as an absent one.
  static void finish(json::Reader&, embed::hugging_face::Info& info) {
    const embed::hugging_face::Info defaults;
    if (info.max_client_batch_size == 0) info.max_client_batch_size = defaults.max_client_batch_size;
    if (info.max_concurrent_requests == 0) info.max_concurrent_requests = defaults.max_concurrent_requests;
  }
};

}  // namespace detail

namespace embed::hugging_face {
namespace {

/// Writes what both kinds of request have in common.
void write_common(json::MemberWriter& members, json::Writer& out, const HuggingFaceServerOptions& options,
                  const std::string& prompt_name, std::span<const std::string> texts) {
  members.name("inputs");
  json::write_strings(out, texts);
  if (options.truncate) members.value("truncate", *options.truncate);
  if (!prompt_name.empty()) members.value("prompt_name", prompt_name);
}

SparseVector read_sparse(json::Reader& in) {
  std::vector<Component> components;
  json::read(in, components);
  std::vector<std::pair<std::uint32_t, float>> pairs;
  pairs.reserve(components.size());
  for (const auto& component : components) pairs.emplace_back(component.index, component.value);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  return SparseVector::from_pairs(pairs);
}

}  // namespace

core::Buffer write_dense_request(const HuggingFaceServerOptions& options, const std::string& prompt_name,
                                 std::span<const std::string> texts) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  write_common(members, out, options, prompt_name, texts);
  if (!options.normalize) members.value("normalize", false);
  if (options.dimensions) members.value("dimensions", *options.dimensions);
  members.end();
  return body;
}

core::Buffer write_sparse_request(const HuggingFaceServerOptions& options, const std::string& prompt_name,
                                  std::span<const std::string> texts) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  write_common(members, out, options, prompt_name, texts);
  members.end();
  return body;
}

Embeddings read_dense_response(std::string_view body) {
  json::Reader in(body);
  auto rows = read_rows(in);
  in.finish();
  return rows;
}

std::vector<SparseVector> read_sparse_response(std::string_view body) {
  std::vector<SparseVector> vectors;
  json::Reader in(body);
  in.begin_array();
  while (in.next_element()) vectors.push_back(read_sparse(in));
  in.finish();
  return vectors;
}

Info read_info(std::string_view body) {
  return json::decode<Info>(body);
}

}  // namespace embed::hugging_face
}  // namespace chroma

#include "embed/openai/wire.hpp"

#include "embed/http/rows.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace chroma::embed::openai {
namespace {

struct Item {
  std::optional<std::uint64_t> index;
  std::vector<float> embedding;
};

Item read_item(json::Reader& in) {
  Item item;
  bool found = false;
  json::read_object(in, [&](std::string_view key) {
    if (key == "index") {
      json::read(in, item.index);
    } else if (key == "embedding") {
      found = true;
      item.embedding = read_row(in);
    } else {
      return false;
    }
    return true;
  });
  json::require_member(in, found, "embedding");
  return item;
}

/// The rows by their index, which must be 0 to n - 1.
std::vector<std::vector<float>> in_order(const json::Reader& in, std::vector<Item> items) {
  std::vector<std::vector<float>> rows(items.size());
  std::vector<bool> seen(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].index.has_value() != items.front().index.has_value()) {
      in.fail("some embeddings have an index and some have none");
    }
    const std::uint64_t index = items[i].index.value_or(i);
    if (index >= rows.size() || seen[index]) {
      in.fail("the index " + std::to_string(index) + " is not one of 0 to " +
              std::to_string(rows.size() - 1) + ", or occurs twice");
    }
    seen[index] = true;
    rows[index] = std::move(items[i].embedding);
  }
  return rows;
}

}  // namespace

core::Buffer write_request(const OpenAiOptions& options, std::span<const std::string> texts, bool base64) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  if (!options.model.empty()) members.value("model", options.model);
  members.name("input");
  json::write_strings(out, texts);
  members.value("encoding_format", std::string_view(base64 ? "base64" : "float"));
  if (options.dimensions) members.value("dimensions", *options.dimensions);
  if (!options.user.empty()) members.value("user", options.user);
  members.end();
  return body;
}

Embeddings read_response(std::string_view body) {
  std::vector<Item> items;
  bool found = false;
  json::Reader in(body);
  json::read_object(in, [&](std::string_view key) {
    if (key != "data") return false;
    found = true;
    items.clear();
    in.begin_array();
    while (in.next_element()) items.push_back(read_item(in));
    return true;
  });
  in.finish();
  json::require_member(in, found, "data");
  return Embeddings(in_order(in, std::move(items)));
}

}  // namespace chroma::embed::openai

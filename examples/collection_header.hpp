#pragma once

// The first line of an exported file: the name, metadata, schema and configuration of a collection, from
// which it is created again.

#include <chroma/chroma.hpp>
#include <chroma/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// The header of an export of the records that `request` selects. It has a count only if these are all
/// `count` records of the collection.
inline nlohmann::json header_of(const chroma::ChromaCollection& collection, std::uint32_t count,
                                const chroma::GetRequest& request) {
  nlohmann::json header{{"chroma_export", 1}, {"name", collection.name()}};
  header["include"] = request.include();
  if (request.where()) {
    header["where"] = *request.where();
  } else {
    header["count"] = count;
  }
  if (collection.metadata()) header["metadata"] = *collection.metadata();
  if (collection.schema()) header["schema"] = *collection.schema();
  header["configuration"] = collection.model().configuration;
  return header;
}

/// The schema that says what a configuration says. Servers that are older than schemas send a configuration
/// alone.
inline chroma::Schema schema_of(const chroma::CollectionConfiguration& configuration) {
  chroma::VectorIndexConfig index;
  index.embedding_function = configuration.embedding_function;
  index.source_key = "#document";
  if (const auto& hnsw = configuration.hnsw) {
    index.space = hnsw->space;
    auto& settings = index.hnsw.emplace();
    settings.ef_construction = hnsw->ef_construction;
    settings.ef_search = hnsw->ef_search;
    settings.max_neighbors = hnsw->max_neighbors;
    settings.batch_size = hnsw->batch_size;
    settings.sync_threshold = hnsw->sync_threshold;
    settings.resize_factor = hnsw->resize_factor;
  } else if (const auto& spann = configuration.spann) {
    index.space = spann->space;
    auto& settings = index.spann.emplace();
    settings.search_nprobe = spann->search_nprobe;
    settings.write_nprobe = spann->write_nprobe;
    settings.ef_construction = spann->ef_construction;
    settings.ef_search = spann->ef_search;
    settings.max_neighbors = spann->max_neighbors;
    settings.reassign_neighbor_count = spann->reassign_neighbor_count;
    settings.split_threshold = spann->split_threshold;
    settings.merge_threshold = spann->merge_threshold;
  }
  return chroma::Schema::empty().create_index(std::nullopt, std::move(index));
}

/// Gets the collection; if there is none of the name, creates it as the header says.
/// @param header an empty object if the file has none
inline boost::asio::awaitable<chroma::ChromaCollection> open_collection(chroma::ChromaHttpClient client,
                                                                        std::string name,
                                                                        nlohmann::json header) {
  auto getting = client.get_collection(name);
  const auto found = co_await chroma::as_result(std::move(getting));
  if (found.has_value()) co_return *found;
  if (found.error().status() != 404) throw found.error();
  const auto has = [&](const char* member) { return header.contains(member) && !header[member].is_null(); };
  std::optional<chroma::Schema> schema;
  if (has("schema")) {
    schema = header["schema"].get<chroma::Schema>();
    schema->source_attached_function_id.reset();
  } else if (has("configuration")) {
    schema = schema_of(header["configuration"].get<chroma::CollectionConfiguration>());
  }
  std::optional<chroma::Metadata> metadata;
  if (has("metadata")) metadata = header["metadata"].get<chroma::Metadata>();
  // Old clients set the index by such keys. With a schema the server refuses them, or takes them in place of
  // the schema, but it lets them be added later.
  auto at_first = metadata;
  if (at_first && schema) {
    std::erase_if(*at_first, [](const auto& entry) { return entry.first.starts_with("hnsw:"); });
    if (at_first->empty()) at_first.reset();
  }
  const bool is_complete = at_first == metadata;
  auto created = co_await client.create_collection(std::move(name), std::move(schema), std::move(at_first));
  if (!is_complete) co_await created.modify(std::nullopt, std::move(metadata));
  co_return created;
}

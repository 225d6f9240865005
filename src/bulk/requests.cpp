#include "bulk/requests.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace chroma::bulk {
namespace {

std::vector<std::string> ids_of(const Rows& rows) {
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  for (const Row& row : rows) ids.push_back(row.id());
  return ids;
}

/// The floats are not copied.
std::optional<Embeddings> embeddings_of(const Rows& rows) {
  std::vector<std::optional<std::span<const float>>> views;
  views.reserve(rows.size());
  for (const Row& row : rows) views.push_back(row.embedding());
  if (std::ranges::none_of(views, [](const auto& view) { return view.has_value(); })) return std::nullopt;
  return Embeddings::view(std::move(views));
}

/// `get(row)` returns a pointer; nullptr if the row has no value.
template <class T, class Get>
std::optional<std::vector<std::optional<T>>> column(const Rows& rows, Get get) {
  if (std::ranges::none_of(rows, [&](const Row& row) { return get(row) != nullptr; })) return std::nullopt;
  std::vector<std::optional<T>> entries;
  entries.reserve(rows.size());
  for (const Row& row : rows) {
    const auto* value = get(row);
    if (value == nullptr) {
      entries.emplace_back();
    } else {
      entries.emplace_back(*value);
    }
  }
  return entries;
}

template <class Request>
Request records(const Rows& rows) {
  Request request(ids_of(rows));
  if (auto embeddings = embeddings_of(rows)) request.embeddings(std::move(*embeddings));
  if (auto texts = column<std::string>(rows, [](const Row& row) { return row.document(); })) {
    request.documents(std::move(*texts));
  }
  if (auto uris = column<std::string>(rows, [](const Row& row) { return row.uri(); })) {
    request.uris(std::move(*uris));
  }
  return request;
}

template <class Request>
Request with_metadata(const Rows& rows) {
  auto request = records<Request>(rows);
  if (auto maps = column<UpdateMetadata>(rows, [](const Row& row) { return row.metadata(); })) {
    request.metadatas(std::move(*maps));
  }
  return request;
}

Metadata without_deletions(const UpdateMetadata& map) {
  Metadata result;
  for (const auto& [key, value] : map) {
    if (value.value()) result.emplace(key, *value.value());
  }
  return result;
}

}  // namespace

AddRequest add_request(const Rows& rows) {
  auto request = records<AddRequest>(rows);
  if (std::ranges::none_of(rows, [](const Row& row) { return row.metadata() != nullptr; })) return request;
  std::vector<std::optional<Metadata>> maps;
  maps.reserve(rows.size());
  for (const Row& row : rows) {
    if (const auto* map = row.metadata()) {
      maps.emplace_back(without_deletions(*map));
    } else {
      maps.emplace_back();
    }
  }
  request.metadatas(std::move(maps));
  return request;
}

UpsertRequest upsert_request(const Rows& rows) {
  return with_metadata<UpsertRequest>(rows);
}

UpdateRequest update_request(const Rows& rows) {
  return with_metadata<UpdateRequest>(rows);
}

DeleteRequest delete_request(const Rows& rows) {
  return DeleteRequest().ids(ids_of(rows));
}

}  // namespace chroma::bulk

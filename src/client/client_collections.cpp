// The client's calls about collections as a whole.
#include "client/call.hpp"
#include "client/collection_cell.hpp"
#include "codec/collection.hpp"
#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/client.hpp>

#include <spdlog/logger.h>

#include <utility>

namespace chroma {

using namespace detail;

namespace {

struct Page {
  std::size_t limit;
  std::optional<std::size_t> offset;
};

std::string to_query(const Page& page) {
  auto query = "?limit=" + std::to_string(page.limit);
  if (page.offset) query += "&offset=" + std::to_string(*page.offset);
  return query;
}

asio::awaitable<ChromaCollection> run_create(Call call, std::string name, std::optional<Schema> schema,
                                             std::optional<Metadata> metadata, bool get_or_create) {
  static_cast<void>(segment("name", name));
  if (schema) schema->validate();
  if (metadata) validate_collection_metadata(*metadata, "metadata");
  auto body = codec::encode_create_collection(name, schema, metadata, get_or_create);
  const auto path = co_await database_path(call);
  auto model = co_await send_body<Collection>(call, path + "/collections", std::move(body));
  co_return CollectionCell::handle(*call.state, std::move(model));
}

asio::awaitable<ChromaCollection> run_get(Call call, std::string last) {
  const auto path = co_await database_path(call);
  auto model = co_await send_bodiless<Collection>(call, path + "/collections" + last);
  co_return CollectionCell::handle(*call.state, std::move(model));
}

asio::awaitable<ChromaCollection> run_get_by_name(Call call, std::string name) {
  const auto last = segment("name", name);
  co_return co_await run_get(std::move(call), last);
}

asio::awaitable<ChromaCollection> run_get_by_id(Call call, std::string id) {
  const auto last = "/by-id" + segment("id", id);
  co_return co_await run_get(std::move(call), last);
}

asio::awaitable<void> run_delete(Call call, std::string name) {
  const auto last = segment("name", name);
  const auto path = co_await database_path(call);
  co_await send_bodiless<void>(std::move(call), path + "/collections" + last);
}

asio::awaitable<std::uint32_t> run_count(Call call) {
  const auto path = co_await database_path(call);
  co_return co_await send_bodiless<std::uint32_t>(std::move(call), path + "/collections_count");
}

asio::awaitable<std::vector<ChromaCollection>> run_list(Call call, Page page) {
  check_u32("limit", page.limit);
  if (page.offset) check_u32("offset", *page.offset);
  const auto path = co_await database_path(call);
  auto items = co_await send<NoBody, Page, codec::CollectionList>(call, call.operation, path + "/collections",
                                                                  NoBody(), page);
  std::vector<ChromaCollection> handles;
  handles.reserve(items.collections.size());
  for (auto& model : items.collections)
    handles.push_back(CollectionCell::handle(*call.state, std::move(model)));
  const auto& logger = call.state->connection().logger;
  for (const auto& unreadable : items.unreadable) {
    if (logger)
      logger.spdlog()->warn("list_collections: left out an item that cannot be read: {}", unreadable);
  }
  co_return handles;
}

}  // namespace

asio::awaitable<ChromaCollection> ChromaHttpClient::create_collection(
    std::string name, std::optional<Schema> schema, std::optional<Metadata> metadata) const {
  return guarded(op::create_collection, state_, run_create, std::move(name), std::move(schema),
                 std::move(metadata), false);
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_or_create_collection(
    std::string name, std::optional<Schema> schema, std::optional<Metadata> metadata) const {
  return guarded(op::create_collection, state_, run_create, std::move(name), std::move(schema),
                 std::move(metadata), true);
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_collection(std::string name) const {
  return guarded(op::get_collection, state_, run_get_by_name, std::move(name));
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_collection_by_id(std::string id) const {
  return guarded(op::get_collection_by_id, state_, run_get_by_id, std::move(id));
}
asio::awaitable<void> ChromaHttpClient::delete_collection(std::string name) const {
  return guarded(op::delete_collection, state_, run_delete, std::move(name));
}
asio::awaitable<std::uint32_t> ChromaHttpClient::count_collections() const {
  return guarded(op::count_collections, state_, run_count);
}
asio::awaitable<std::vector<ChromaCollection>> ChromaHttpClient::list_collections(
    std::size_t limit, std::optional<std::size_t> offset) const {
  const Page page{limit, offset};
  return guarded(op::list_collections, state_, run_list, page);
}

}  // namespace chroma

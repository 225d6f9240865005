// The operations of the client that create, find, count and delete collections.
#include "client/call.hpp"
#include "client/collection_cell.hpp"
#include "client/collection_metadata.hpp"
#include "client/function_schema.hpp"
#include "codec/collection.hpp"
#include "core/display_text.hpp"
#include "core/log.hpp"
#include "core/paged_items.hpp"
#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/client.hpp>

#include <string>
#include <utility>

namespace chroma {

using namespace detail;

namespace {

constexpr std::size_t collections_per_page = 1000;

struct Page {
  std::size_t limit;
  std::optional<std::size_t> offset;
};

std::string to_query(const Page& page) {
  auto query = "?limit=" + std::to_string(page.limit);
  if (page.offset) query += "&offset=" + std::to_string(*page.offset);
  return query;
}

codec::CreateCollectionBody create_body(bool get_or_create, std::string name, std::optional<Schema> schema,
                                        std::optional<Metadata> metadata) {
  return {get_or_create, std::move(metadata), std::move(name), std::move(schema)};
}

asio::awaitable<ChromaCollection> run_create(Call call, codec::CreateCollectionBody body,
                                             DenseFunction function) {
  require_name("name", body.name);
  if (function) record_function(body.schema, *function);
  if (body.schema) body.schema->validate();
  keep_default_function(body);
  if (body.metadata) validate_collection_metadata(*body.metadata, "metadata");
  auto path = co_await database_path(call);
  path.fixed("/collections");
  const auto unsupported = unsupported_key(body.metadata);
  auto request = send<Collection>(call, std::move(path), std::move(body));
  auto created = co_await as_result(std::move(request));
  if (!created.has_value()) throw explain_lost_response(created.error(), unsupported, "metadata");
  if (!function) co_return CollectionCell::handle(*call.state, std::move(*created));
  require_same_function(*created, *function);
  EmbeddingFunctions functions;
  functions.set_dense(std::move(function));
  co_return CollectionCell::handle(*call.state, std::move(*created), functions);
}

/// Gets the collection with the given name or id.
/// @param prefix the path before it
/// @param parameter "name" or "id", for the error if it is refused
asio::awaitable<ChromaCollection> run_get_collection(Call call, const char* prefix, const char* parameter,
                                                     std::string value) {
  require_name(parameter, value);
  auto path = co_await database_path(call);
  path.fixed(prefix).name(parameter, value);
  auto model = co_await send<Collection>(call, std::move(path));
  co_return CollectionCell::handle(*call.state, std::move(model));
}

asio::awaitable<void> run_delete(Call call, std::string name) {
  require_name("name", name);
  auto path = co_await database_path(call);
  path.fixed("/collections").name("name", name);
  co_await send<void>(std::move(call), std::move(path));
}

asio::awaitable<std::uint32_t> run_count(Call call) {
  auto path = co_await database_path(call);
  path.fixed("/collections_count");
  co_return co_await send<std::uint32_t>(std::move(call), std::move(path));
}

void log_unreadable(const Call& call, const codec::CollectionList& items) {
  core::write_log(call.state->settings().logger, spdlog::level::warn, [&](spdlog::logger& log) {
    for (const auto& unreadable : items.unreadable) {
      log.warn("list_collections: an item of the response was left out, because it could not be read: {}",
               core::display_text(unreadable));
    }
  });
}

asio::awaitable<codec::CollectionList> fetch_page(Call call, Page page) {
  auto path = co_await database_path(call);
  path.fixed("/collections");
  auto items = co_await send<NoBody, Page, codec::CollectionList>(call, std::move(path), NoBody(), page);
  log_unreadable(call, items);
  co_return items;
}

/// The collections of a page, and a digest of each item that cannot be decoded.
using CollectionPage = std::pair<std::vector<ChromaCollection>, std::vector<std::size_t>>;

asio::awaitable<CollectionPage> run_list_page(Call call, Page page) {
  check_u32("limit", page.limit);
  if (page.offset) check_u32("offset", *page.offset);
  auto items = co_await fetch_page(call, page);
  std::vector<ChromaCollection> handles;
  handles.reserve(items.collections.size());
  for (auto& model : items.collections) {
    handles.push_back(CollectionCell::handle(*call.state, std::move(model)));
  }
  co_return CollectionPage(std::move(handles), std::move(items.unreadable_digests));
}

asio::awaitable<std::vector<ChromaCollection>> run_list(Call call, Page page) {
  auto listed = co_await run_list_page(std::move(call), page);
  co_return std::move(listed.first);
}

/// A server may return fewer items than the limit of a page, so only an empty page is the end of the list. If
/// collections are created or deleted between two requests, the same collection may be on two pages; it is
/// returned once.
asio::awaitable<std::vector<ChromaCollection>> run_list_all(Call call) {
  std::vector<ChromaCollection> handles;
  core::PagedItems seen(call.operation.name);
  for (Page page{collections_per_page, 0};;) {
    auto items = co_await fetch_page(call, page);
    const std::size_t received = items.collections.size() + items.unreadable_digests.size();
    if (received == 0) co_return handles;
    *page.offset += received;
    for (const std::size_t digest : items.unreadable_digests) seen.add_unreadable(digest);
    for (auto& model : items.collections) {
      if (seen.add(model.id)) handles.push_back(CollectionCell::handle(*call.state, std::move(model)));
    }
    seen.end_page();
  }
}

}  // namespace

asio::awaitable<ChromaCollection> ChromaHttpClient::create_collection(std::string name,
                                                                      std::optional<Schema> schema,
                                                                      std::optional<Metadata> metadata,
                                                                      DenseFunction function) const {
  return run_operation(op::create_collection, state_, run_create,
                       create_body(false, std::move(name), std::move(schema), std::move(metadata)),
                       std::move(function));
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_or_create_collection(std::string name,
                                                                             std::optional<Schema> schema,
                                                                             std::optional<Metadata> metadata,
                                                                             DenseFunction function) const {
  return run_operation(op::get_or_create_collection, state_, run_create,
                       create_body(true, std::move(name), std::move(schema), std::move(metadata)),
                       std::move(function));
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_collection(std::string name) const {
  return run_operation(op::get_collection, state_, run_get_collection, "/collections", "name",
                       std::move(name));
}
asio::awaitable<ChromaCollection> ChromaHttpClient::get_collection_by_id(std::string id) const {
  return run_operation(op::get_collection_by_id, state_, run_get_collection, "/collections/by-id", "id",
                       std::move(id));
}
asio::awaitable<void> ChromaHttpClient::delete_collection(std::string name) const {
  return run_operation(op::delete_collection, state_, run_delete, std::move(name));
}
asio::awaitable<std::uint32_t> ChromaHttpClient::count_collections() const {
  return run_operation(op::count_collections, state_, run_count);
}
asio::awaitable<std::vector<ChromaCollection>> ChromaHttpClient::list_collections(
    std::size_t limit, std::optional<std::size_t> offset) const {
  const Page page{limit, offset};
  return run_operation(op::list_collections, state_, run_list, page);
}
asio::awaitable<ChromaHttpClient::CollectionPage> ChromaHttpClient::list_page(std::size_t limit,
                                                                              std::size_t offset) const {
  const Page page{limit, offset};
  return run_operation(op::list_collections, state_, run_list_page, page);
}
asio::awaitable<std::vector<ChromaCollection>> ChromaHttpClient::list_collections() const {
  return run_operation(op::list_collections, state_, run_list_all);
}

}  // namespace chroma

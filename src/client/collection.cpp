// The collection handle and the operations that concern the collection instead of its records.
#include "codec/collection.hpp"

#include "client/call.hpp"
#include "client/collection_call.hpp"
#include "client/collection_metadata.hpp"
#include "codec/system.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/client.hpp>
#include <chroma/collection.hpp>

#include <ostream>
#include <utility>

namespace chroma {

using namespace detail;

namespace {

struct CountQuery {
  ReadLevel level;
};

std::string to_query(CountQuery query) {
  return std::string("?read_level=") + to_string(query.level);
}

asio::awaitable<std::uint32_t> run_collection_count(CollectionCall call, ReadLevel level) {
  const CountQuery query{level};
  co_return co_await send<NoBody, CountQuery, std::uint32_t>(call.call, call.path("/count"), NoBody(), query);
}

template <class Response>
asio::awaitable<Response> run_collection_get(CollectionCall call, const char* suffix) {
  co_return co_await send<Response>(call.call, call.path(suffix));
}

asio::awaitable<void> run_modify(CollectionCall call, std::optional<std::string> new_name,
                                 std::optional<Metadata> new_metadata) {
  if (new_name) require_name("new_name", *new_name);
  if (new_metadata) validate_collection_metadata(*new_metadata, "new_metadata");
  if (!new_name && !new_metadata) co_return;
  codec::ModifyCollectionBody body{new_metadata, new_name};
  auto request = send<void>(call.call, call.path(""), std::move(body));
  const auto modified = co_await as_result(std::move(request));
  if (!modified.has_value()) {
    throw explain_lost_response(modified.error(), unsupported_key(new_metadata), "new_metadata");
  }
  auto& model = call.cell->model;
  if (new_name) model.name = std::move(*new_name);
  if (new_metadata) model.metadata = std::move(new_metadata);
}

asio::awaitable<ChromaCollection> run_fork(CollectionCall call, std::string new_name) {
  require_name("new_name", new_name);
  codec::ForkBody body{std::move(new_name)};
  auto model = co_await send<Collection>(call.call, call.path("/fork"), std::move(body));
  co_return CollectionCell::handle(*call.cell->client, std::move(model), call.cell->functions);
}

asio::awaitable<std::size_t> run_fork_count(CollectionCall call) {
  const auto response = co_await send<codec::ForkCount>(call.call, call.path("/fork_count"));
  co_return response.count;
}

const Collection& empty_model() noexcept {
  static const Collection model;
  return model;
}

}  // namespace

ChromaCollection::ChromaCollection() = default;
ChromaCollection::ChromaCollection(std::shared_ptr<CollectionCell> cell) noexcept : cell_(std::move(cell)) {}
ChromaCollection::ChromaCollection(const ChromaCollection& other)
    : cell_(other.cell_ ? std::make_shared<CollectionCell>(*other.cell_) : nullptr) {}
ChromaCollection& ChromaCollection::operator=(const ChromaCollection& other) {
  cell_ = other.cell_ ? std::make_shared<CollectionCell>(*other.cell_) : nullptr;
  return *this;
}
ChromaCollection::ChromaCollection(ChromaCollection&& other) noexcept = default;
ChromaCollection& ChromaCollection::operator=(ChromaCollection&& other) noexcept = default;
ChromaCollection::~ChromaCollection() = default;

const Collection& ChromaCollection::model() const noexcept {
  return cell_ ? cell_->model : empty_model();
}
const std::string& ChromaCollection::id() const noexcept {
  return model().id;
}
const std::string& ChromaCollection::name() const noexcept {
  return model().name;
}
const std::string& ChromaCollection::tenant() const noexcept {
  return model().tenant;
}
const std::string& ChromaCollection::database() const noexcept {
  return model().database;
}
std::int32_t ChromaCollection::version() const noexcept {
  return model().version;
}
std::optional<std::int32_t> ChromaCollection::dimension() const noexcept {
  return model().dimension;
}
const std::optional<Metadata>& ChromaCollection::metadata() const noexcept {
  return model().metadata;
}
const std::optional<Schema>& ChromaCollection::schema() const noexcept {
  return model().schema;
}

std::ostream& operator<<(std::ostream& out, const ChromaCollection& collection) {
  if (!collection.cell_) return out << "empty collection handle";
  return out << "collection '" << collection.name() << "' (" << collection.id() << ") of "
             << collection.tenant() << '/' << collection.database();
}

ChromaCollection ChromaCollection::with_timeout(std::chrono::milliseconds timeout) const {
  CallOptions options;
  options.timeout = timeout;
  return with_options(std::move(options));
}
ChromaCollection ChromaCollection::with_options(CallOptions options) const {
  if (!cell_) return {};
  return ChromaCollection(
      std::make_shared<CollectionCell>(cell_->client->with_options(options), cell_->model, cell_->functions));
}

asio::awaitable<std::uint32_t> ChromaCollection::count(ReadLevel level) const {
  return run_operation(op::collection_count, cell_, run_collection_count, level);
}
asio::awaitable<IndexStatusResponse> ChromaCollection::get_indexing_status() const {
  return run_operation(op::collection_indexing_status, cell_, run_collection_get<IndexStatusResponse>,
                       "/indexing_status");
}
asio::awaitable<void> ChromaCollection::modify(std::optional<std::string> new_name,
                                               std::optional<Metadata> new_metadata) {
  return run_operation(op::collection_modify, cell_, run_modify, std::move(new_name),
                       std::move(new_metadata));
}
asio::awaitable<ChromaCollection> ChromaCollection::fork(std::string new_name) const {
  return run_operation(op::collection_fork, cell_, run_fork, std::move(new_name));
}
asio::awaitable<std::size_t> ChromaCollection::fork_count() const {
  return run_operation(op::collection_fork_count, cell_, run_fork_count);
}

ChromaHttpClient ChromaCollection::client() const {
  const auto& cell = require_cell(cell_);
  auto state = cell.client->with_options(CallOptions());
  state->scope().set_tenant(cell.model.tenant);
  state->scope().set_database(cell.model.database);
  return ChromaHttpClient(std::move(state));
}

}  // namespace chroma

#include "types/display.hpp"

#include <chroma/error.hpp>
#include <chroma/responses.hpp>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace chroma {
namespace {

using Order = std::vector<std::size_t>;

// The address of a column; nullptr if the column is absent.
template <class T>
auto* address(T& column) noexcept {
  return &column;
}
template <class T>
auto* address(std::optional<T>& column) noexcept {
  return column ? &*column : nullptr;
}
template <class T>
const auto* address(const std::optional<T>& column) noexcept {
  return column ? &*column : nullptr;
}

// The rows of one query in a column; nullptr if they are absent.
template <class T>
auto* part(T* column, std::size_t query) noexcept {
  using Part = decltype(address((*column)[query]));
  return column && query < column->size() ? address((*column)[query]) : Part(nullptr);
}

Order order_of(const std::vector<std::string>& ids) {
  Order order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  return order;
}

void arrange(Embeddings& column, const Order& order) {
  column = column.reordered(order);
}

template <class T>
void arrange(std::vector<T>& column, const Order& order) {
  std::vector<T> sorted;
  sorted.reserve(column.size());
  for (const std::size_t i : order) sorted.push_back(std::move(column[i]));
  column = std::move(sorted);
}

template <class Column>
void check_row_count(const Column* column, const char* name, std::size_t expected, const char* what) {
  if (!column || column->size() == expected) return;
  throw ChromaHttpClientError(ValidationError{"has " + std::to_string(column->size()) +
                                                  " rows, but there are " + std::to_string(expected) + ' ' +
                                                  what,
                                              name});
}

// A column and its name. The column is nullptr if the response does not have it.
template <class T>
std::pair<const char*, T*> named(const char* name, T* column) {
  return {name, column};
}

constexpr auto check_columns = [](std::vector<std::string>& ids, auto... columns) {
  (check_row_count(columns.second, columns.first, ids.size(), "ids"), ...);
};

constexpr auto sort_columns = [](std::vector<std::string>& ids, auto... columns) {
  const Order order = order_of(ids);
  arrange(ids, order);
  ((columns.second ? arrange(*columns.second, order) : void()), ...);
};

template <class Action>
void for_each_part(GetResponse& r, Action action) {
  action(r.ids, named("embeddings", address(r.embeddings)), named("documents", address(r.documents)),
         named("uris", address(r.uris)), named("metadatas", address(r.metadatas)));
}

template <class Action>
void for_each_part(QueryResponse& r, Action action) {
  for (std::size_t q = 0; q < r.ids.size(); ++q) {
    action(r.ids[q], named("embeddings", part(address(r.embeddings), q)),
           named("documents", part(address(r.documents), q)), named("uris", part(address(r.uris), q)),
           named("metadatas", part(address(r.metadatas), q)),
           named("distances", part(address(r.distances), q)));
  }
}

template <class Action>
void for_each_part(SearchResponse& r, Action action) {
  for (std::size_t s = 0; s < r.ids.size(); ++s) {
    action(r.ids[s], named("embeddings", part(&r.embeddings, s)), named("documents", part(&r.documents, s)),
           named("metadatas", part(&r.metadatas, s)), named("scores", part(&r.scores, s)));
  }
}

// All lengths are checked first, so that a response that is refused is not modified.
template <class Response>
void sort_parts(Response& response) {
  for_each_part(response, check_columns);
  for_each_part(response, sort_columns);
}

template <class Ids>
void check_query(const Ids& ids, std::size_t query, const char* what) {
  if (query < ids.size() || ids.empty()) return;
  throw std::out_of_range("chroma: " + std::string(what) + " " + std::to_string(query) + " of " +
                          std::to_string(ids.size()));
}

void print_ids(std::ostream& out, const std::vector<std::string>& ids) {
  out << ids.size() << (ids.size() == 1 ? " record" : " records");
  if (ids.empty()) return;
  out << ": ";
  detail::display(out, ids);
}

void print_all_ids(std::ostream& out, const std::vector<std::vector<std::string>>& ids) {
  constexpr std::size_t shown = 3;
  for (std::size_t i = 0; i < std::min(shown, ids.size()); ++i) {
    out << (i ? "; " : "");
    print_ids(out, ids[i]);
  }
  if (ids.size() > shown) out << "; ... (" << ids.size() << " in all)";
}

}  // namespace

void GetResponse::sort_by_ids() {
  sort_parts(*this);
}

Rows GetResponse::rows() const& {
  return Rows(
      {&ids, address(documents), address(uris), address(metadatas), address(embeddings), nullptr, nullptr});
}

void QueryResponse::sort_by_ids() {
  check_row_count(address(embeddings), "embeddings", ids.size(), "queries");
  check_row_count(address(documents), "documents", ids.size(), "queries");
  check_row_count(address(uris), "uris", ids.size(), "queries");
  check_row_count(address(metadatas), "metadatas", ids.size(), "queries");
  check_row_count(address(distances), "distances", ids.size(), "queries");
  sort_parts(*this);
}

Rows QueryResponse::rows(std::size_t query) const& {
  check_query(ids, query, "query");
  return Rows({part(&ids, query), part(address(documents), query), part(address(uris), query),
               part(address(metadatas), query), part(address(embeddings), query),
               part(address(distances), query), nullptr});
}

void SearchResponse::sort_by_ids() {
  // An older server may omit whole columns.
  const auto check = [&](const auto& column, const char* name) {
    if (!column.empty()) check_row_count(&column, name, ids.size(), "searches");
  };
  check(embeddings, "embeddings");
  check(documents, "documents");
  check(metadatas, "metadatas");
  check(scores, "scores");
  sort_parts(*this);
}

Rows SearchResponse::rows(std::size_t search) const& {
  check_query(ids, search, "search");
  return Rows({part(&ids, search), part(&documents, search), nullptr, part(&metadatas, search),
               part(&embeddings, search), nullptr, part(&scores, search)});
}

std::ostream& operator<<(std::ostream& out, const GetResponse& response) {
  print_ids(out, response.ids);
  return out << ' ' << response.include;
}

std::ostream& operator<<(std::ostream& out, const QueryResponse& response) {
  print_all_ids(out, response.ids);
  return out << ' ' << response.include;
}

std::ostream& operator<<(std::ostream& out, const SearchResponse& response) {
  print_all_ids(out, response.ids);
  return out;
}

std::ostream& operator<<(std::ostream& out, const DeleteResponse& response) {
  return out << response.deleted << (response.deleted == 1 ? " record" : " records") << " deleted";
}

std::ostream& operator<<(std::ostream& out, const HeartbeatResponse& response) {
  return out << response.nanosecond_heartbeat << " ns";
}

std::ostream& operator<<(std::ostream& out, const GetUserIdentityResponse& identity) {
  out << "user '" << identity.user_id << "' of tenant " << identity.tenant << ", databases [";
  for (std::size_t i = 0; i < identity.databases.size(); ++i) out << (i ? ", " : "") << identity.databases[i];
  return out << ']';
}

std::ostream& operator<<(std::ostream& out, const PreFlightChecks& checks) {
  return out << "at most " << checks.max_batch_size << " records at once, "
             << (checks.supports_base64_encoding ? "base64" : "no base64");
}

std::ostream& operator<<(std::ostream& out, const HealthcheckResponse& health) {
  return out << "executor " << (health.is_executor_ready ? "ready" : "not ready") << ", log client "
             << (health.is_log_client_ready ? "ready" : "not ready");
}

std::ostream& operator<<(std::ostream& out, const IndexStatusResponse& status) {
  return out << status.num_indexed_ops << " of " << status.total_ops << " operations indexed ("
             << status.op_indexing_progress * 100 << " %)";
}

std::ostream& operator<<(std::ostream& out, const Database& database) {
  return out << database.name << " (" << database.id << ')';
}

std::ostream& operator<<(std::ostream& out, const Tenant& tenant) {
  out << tenant.name;
  if (tenant.resource_name) out << " (" << *tenant.resource_name << ')';
  return out;
}

}  // namespace chroma

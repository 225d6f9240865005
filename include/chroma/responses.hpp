#pragma once

/// @file
/// The responses of the operations.

#include <chroma/embeddings.hpp>
#include <chroma/export.hpp>
#include <chroma/include_list.hpp>
#include <chroma/key.hpp>
#include <chroma/metadata.hpp>
#include <chroma/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace chroma {

/// The response of `ChromaCollection::get`: records as columns. Each column has one entry for each id. A
/// column that the request did not include is unset.
struct CHROMA_API GetResponse {
  std::vector<std::string> ids;
  std::optional<Embeddings> embeddings;
  std::optional<std::vector<std::optional<std::string>>> documents;
  std::optional<std::vector<std::optional<std::string>>> uris;
  /// The entry of a record without metadata is unset.
  std::optional<std::vector<std::optional<Metadata>>> metadatas;
  IncludeList include;  ///< The columns of the response, as the server reports them.

  /// Sorts the records by id, byte by byte; records of equal ids keep their order.
  /// @throws ChromaHttpClientError of kind ValidationError if a column has another length than `ids`
  void sort_by_ids();

  /// The records one by one, as views into this object.
  [[nodiscard]] Rows rows() const&;
  Rows rows() const&& = delete;

  friend bool operator==(const GetResponse&, const GetResponse&) = default;
  /// Writes a summary: the number of records, the columns, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const GetResponse& response);
};

/// The response of `ChromaCollection::query`: for each query vector the nearest records, nearest first. Each
/// column has one entry for each query, and that has one entry for each record. A column that the request did
/// not include is unset.
struct CHROMA_API QueryResponse {
  std::vector<std::vector<std::string>> ids;
  std::optional<std::vector<Embeddings>> embeddings;
  std::optional<std::vector<std::vector<std::optional<std::string>>>> documents;
  std::optional<std::vector<std::vector<std::optional<std::string>>>> uris;
  std::optional<std::vector<std::vector<std::optional<Metadata>>>> metadatas;
  /// Distances in the space of the collection's index; smaller is nearer.
  std::optional<std::vector<std::vector<std::optional<float>>>> distances;
  IncludeList include;  ///< The columns of the response, as the server reports them.

  /// Sorts the records of each query by id, byte by byte; records of equal ids keep their order.
  /// @throws ChromaHttpClientError of kind ValidationError if a column has another length than `ids`
  void sort_by_ids();

  /// The records of one query, as views into this object; none if the response has no queries.
  /// @param query index of the query, counted from 0
  /// @throws std::out_of_range if the response has queries, but not that many
  [[nodiscard]] Rows rows(std::size_t query = 0) const&;
  Rows rows(std::size_t query = 0) const&& = delete;

  friend bool operator==(const QueryResponse&, const QueryResponse&) = default;
  /// Writes a summary: the number of records of each query, the columns, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const QueryResponse& response);
};

/// The response of `ChromaCollection::search`: for each search the records that it found, best first. Each
/// column has one entry for each search. That entry is unset if the search did not select the column;
/// otherwise it has one entry for each record.
struct CHROMA_API SearchResponse {
  std::vector<std::vector<std::string>> ids;
  std::vector<std::optional<std::vector<std::optional<std::string>>>> documents;
  std::vector<std::optional<Embeddings>> embeddings;
  std::vector<std::optional<std::vector<std::optional<Metadata>>>> metadatas;
  std::vector<std::optional<std::vector<std::optional<float>>>> scores;  ///< A smaller score is better.
  std::vector<std::vector<Key>> select;  ///< The keys that each search selected, in the server's order.

  /// Sorts the records of each search by id, byte by byte; records of equal ids keep their order.
  /// @throws ChromaHttpClientError of kind ValidationError if a column has another length than `ids`
  void sort_by_ids();

  /// The records of one search, as views into this object; none if the response has no searches.
  /// @param search index of the search, counted from 0
  /// @throws std::out_of_range if the response has searches, but not that many
  [[nodiscard]] Rows rows(std::size_t search = 0) const&;
  Rows rows(std::size_t search = 0) const&& = delete;

  friend bool operator==(const SearchResponse&, const SearchResponse&) = default;
  /// Writes a summary: the number of records of each search, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SearchResponse& response);
};

/// The response of `ChromaCollection::delete_records`.
struct CHROMA_API DeleteResponse {
  /// Number of deleted records as the server counts them: ids of the request count even if they do not exist.
  std::uint32_t deleted = 0;

  friend bool operator==(const DeleteResponse&, const DeleteResponse&) = default;
  /// Writes for example "3 records deleted".
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const DeleteResponse& response);
};

/// The response of `ChromaCollection::get_indexing_status`: how many operations of the write-ahead log the
/// index contains.
struct CHROMA_API IndexStatusResponse {
  /// `num_indexed_ops` divided by `total_ops`, from 0 to 1; 1 if there are no operations.
  float op_indexing_progress = 0;
  std::uint64_t num_unindexed_ops = 0;  ///< Operations that are not indexed yet.
  std::uint64_t num_indexed_ops = 0;    ///< Operations that are indexed.
  std::uint64_t total_ops = 0;          ///< All operations.

  friend bool operator==(const IndexStatusResponse&, const IndexStatusResponse&) = default;
  /// Writes the progress and the numbers on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const IndexStatusResponse& status);
};

/// The response of `ChromaHttpClient::heartbeat`.
struct CHROMA_API HeartbeatResponse {
  std::uint64_t nanosecond_heartbeat = 0;  ///< Time of the server in nanoseconds since 1970-01-01 UTC.

  friend bool operator==(const HeartbeatResponse&, const HeartbeatResponse&) = default;
  /// Writes the time in nanoseconds.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const HeartbeatResponse& response);
};

/// The response of `ChromaHttpClient::get_auth_identity`: the user, the tenant and the databases that the
/// credentials belong to.
struct CHROMA_API GetUserIdentityResponse {
  std::string user_id;                 ///< Empty on a server without authentication.
  std::string tenant;                  ///< "*" means all tenants.
  std::vector<std::string> databases;  ///< Databases that the credentials give access to; "*" means all.

  friend bool operator==(const GetUserIdentityResponse&, const GetUserIdentityResponse&) = default;
  /// Writes user, tenant and databases on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const GetUserIdentityResponse& identity);
};

/// A database of a tenant.
struct CHROMA_API Database {
  std::string id;  ///< UUID.
  std::string name;

  friend bool operator==(const Database&, const Database&) = default;
  /// Writes name and id on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Database& database);
};

/// A tenant.
struct CHROMA_API Tenant {
  std::string name;
  std::optional<std::string>
      resource_name;  ///< Name of the tenant in the resource names of collections (CRNs).

  friend bool operator==(const Tenant&, const Tenant&) = default;
  /// Writes name and resource name on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Tenant& tenant);
};

/// The response of `ChromaHttpClient::pre_flight_checks`: limits and abilities of the server.
struct CHROMA_API PreFlightChecks {
  std::uint32_t max_batch_size = 0;       ///< Most records of one add, update or upsert.
  bool supports_base64_encoding = false;  ///< True if writes may carry embeddings as base64.

  friend bool operator==(const PreFlightChecks&, const PreFlightChecks&) = default;
  /// Writes both values on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const PreFlightChecks& checks);
};

/// The response of `ChromaHttpClient::healthcheck`: which parts of the server are ready.
struct CHROMA_API HealthcheckResponse {
  bool is_executor_ready = false;    ///< True if the server's query executor is ready.
  bool is_log_client_ready = false;  ///< True if the server's client of the write-ahead log is ready.

  friend bool operator==(const HealthcheckResponse&, const HealthcheckResponse&) = default;
  /// Writes which parts are ready.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const HealthcheckResponse& health);
};

}  // namespace chroma

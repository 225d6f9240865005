#pragma once

/// @file
/// What the operations answer with.

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

/// Records by id or filter. All columns have as many entries as `ids`; a column that was not asked for is
/// unset.
struct CHROMA_API GetResponse {
  std::vector<std::string> ids;
  std::optional<Embeddings> embeddings;
  std::optional<std::vector<std::optional<std::string>>> documents;
  std::optional<std::vector<std::optional<std::string>>> uris;
  std::optional<std::vector<std::optional<Metadata>>> metadatas;  ///< A record without metadata has none.
  IncludeList include;  ///< The columns as the server understood the request.

  /// Sorts the records by id, bytewise; equal ids keep their order.
  /// @throws ChromaHttpClientError with a `ValidationError` if a column has another length than `ids`
  void sort_by_ids();

  /// The records, as views into this object.
  [[nodiscard]] Rows rows() const&;
  Rows rows() const&& = delete;

  friend bool operator==(const GetResponse&, const GetResponse&) = default;
  /// Short: how many records, which columns, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const GetResponse& response);
};

/// The nearest records of each query, nearest first: every column has one entry a query, which has one entry
/// a record. A column that was not asked for is unset.
struct CHROMA_API QueryResponse {
  std::vector<std::vector<std::string>> ids;
  std::optional<std::vector<Embeddings>> embeddings;
  std::optional<std::vector<std::vector<std::optional<std::string>>>> documents;
  std::optional<std::vector<std::vector<std::optional<std::string>>>> uris;
  std::optional<std::vector<std::vector<std::optional<Metadata>>>> metadatas;
  std::optional<std::vector<std::vector<std::optional<float>>>> distances;
  IncludeList include;  ///< The columns as the server understood the request.

  /// Sorts the records of each query by id, bytewise; equal ids keep their order.
  /// @throws ChromaHttpClientError with a `ValidationError` if a column has another length than `ids`
  void sort_by_ids();

  /// The records of query `query`, as views into this object.
  /// @throws std::out_of_range if there are queries, but not as many
  [[nodiscard]] Rows rows(std::size_t query = 0) const&;
  Rows rows(std::size_t query = 0) const&& = delete;

  friend bool operator==(const QueryResponse&, const QueryResponse&) = default;
  /// Short: how many records for each query, which columns, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const QueryResponse& response);
};

/// The records that each search found, best first: every column has one entry a search, which is unset if
/// that search did not select the column, and else has one entry a record.
struct CHROMA_API SearchResponse {
  std::vector<std::vector<std::string>> ids;
  std::vector<std::optional<std::vector<std::optional<std::string>>>> documents;
  std::vector<std::optional<Embeddings>> embeddings;
  std::vector<std::optional<std::vector<std::optional<Metadata>>>> metadatas;
  std::vector<std::optional<std::vector<std::optional<float>>>> scores;
  std::vector<std::vector<Key>> select;  ///< What each search selected, in the server's order.

  /// Sorts the records of each search by id, bytewise; equal ids keep their order.
  /// @throws ChromaHttpClientError with a `ValidationError` if a column has another length than `ids`
  void sort_by_ids();

  /// The records of search `search`, as views into this object.
  /// @throws std::out_of_range if there are searches, but not as many
  [[nodiscard]] Rows rows(std::size_t search = 0) const&;
  Rows rows(std::size_t search = 0) const&& = delete;

  friend bool operator==(const SearchResponse&, const SearchResponse&) = default;
  /// Short: how many records for each search, the first ids.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const SearchResponse& response);
};

/// What a deletion did.
struct CHROMA_API DeleteResponse {
  std::uint32_t deleted = 0;  ///< By the server's count: ids that were named count, existing or not.

  friend bool operator==(const DeleteResponse&, const DeleteResponse&) = default;
  /// For example "3 records deleted".
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const DeleteResponse& response);
};

/// How far indexing has come.
struct CHROMA_API IndexStatusResponse {
  float op_indexing_progress = 0;  ///< Indexed over total, 1 if there is nothing to index.
  std::uint64_t num_unindexed_ops = 0;
  std::uint64_t num_indexed_ops = 0;
  std::uint64_t total_ops = 0;

  friend bool operator==(const IndexStatusResponse&, const IndexStatusResponse&) = default;
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const IndexStatusResponse& status);
};

/// A sign of life.
struct CHROMA_API HeartbeatResponse {
  std::uint64_t nanosecond_heartbeat = 0;  ///< The server's clock: nanoseconds since 1970.

  friend bool operator==(const HeartbeatResponse&, const HeartbeatResponse&) = default;
  /// The time in nanoseconds.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const HeartbeatResponse& response);
};

/// Whom the server takes the caller for.
struct CHROMA_API GetUserIdentityResponse {
  std::string user_id;                 ///< Empty on a server without authentication.
  std::string tenant;                  ///< "*" means any.
  std::vector<std::string> databases;  ///< Those that the credentials lead to; "*" means any.

  friend bool operator==(const GetUserIdentityResponse&, const GetUserIdentityResponse&) = default;
  /// User, tenant and databases.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const GetUserIdentityResponse& identity);
};

/// A database of a tenant.
struct CHROMA_API Database {
  std::string id;  ///< UUID.
  std::string name;

  friend bool operator==(const Database&, const Database&) = default;
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Database& database);
};

/// A tenant.
struct CHROMA_API Tenant {
  std::string name;
  std::optional<std::string> resource_name;

  friend bool operator==(const Tenant&, const Tenant&) = default;
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Tenant& tenant);
};

/// What a server says of itself before requests are sent.
struct CHROMA_API PreFlightChecks {
  std::uint32_t max_batch_size = 0;       ///< Records in one add, update or upsert.
  bool supports_base64_encoding = false;  ///< Whether embeddings may be sent as base64.

  friend bool operator==(const PreFlightChecks&, const PreFlightChecks&) = default;
  /// Both on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const PreFlightChecks& checks);
};

/// Whether the parts of a server are ready.
struct CHROMA_API HealthcheckResponse {
  bool is_executor_ready = false;
  bool is_log_client_ready = false;

  friend bool operator==(const HealthcheckResponse&, const HealthcheckResponse&) = default;
  /// Which parts are ready.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const HealthcheckResponse& health);
};

}  // namespace chroma

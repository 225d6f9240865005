#pragma once

/// @file
/// `ChromaHttpClient`: the server, its tenants, databases and collections.

#include <chroma/collection.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/options.hpp>
#include <chroma/responses.hpp>
#include <chroma/schema.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma {

/// A Chroma server, and what it is told apart from collections.
///
/// **Operations** are coroutines: `co_await client.heartbeat()`. They own all that they need, so the client
/// may die while they run. They are lazy: nothing happens before the awaiting. Every failure is thrown as
/// `ChromaHttpClientError`: `ValidationError` before anything is sent, `RequestError` when no answer came,
/// `ApiError` for an answer of 400 or more, `SerdeError` for an answer of another form than expected.
/// `as_result(op)` gives the error as a value.
///
/// **Retries**: see `ChromaRetryOptions`. An operation marked *reads* is repeated after 429, 500, 502, 503,
/// 504 and transport failures, every other one only after 429.
///
/// **Time**: `request_timeout` limits each call over all attempts; then it fails with `Stage::timeout`.
/// **Cancellation**: by the cancellation slot of the awaiting coroutine, at every step; the call then fails
/// with `Stage::cancelled`. The signal is emitted on the coroutine's executor, as Asio asks for (from another
/// thread: `asio::post` it there). Destroying the coroutine or stopping the context ends the call too.
///
/// **Tenant and database** come from the options, or are asked from the server once, when first needed
/// (`GET /api/v2/auth/identity`), and kept. Names are percent-encoded: no name can reach another resource. An
/// empty name is refused.
///
/// **Lifetime**: a client's executor, and so its `io_context` or `Runtime`, must outlive the client, its
/// copies and its collection handles, whose connections live there.
///
/// **Copies** share connections and have a tenant and database cache of their own, copied as it is then.
///
/// **Thread safety**: every const member may be called from many threads at once and awaited on any executor.
/// `set_*` are safe beside running calls, which may still use the value before. Assigning to a client while
/// another thread uses the same object is not safe.
class CHROMA_API ChromaHttpClient {
 public:
  /// A client with default options. No I/O. @throws ChromaHttpClientOptionsError if proxy variables are
  /// invalid
  explicit ChromaHttpClient(boost::asio::any_io_executor executor);
  /// Does no I/O. @param executor where connections live; calls may be awaited on any other
  /// @throws ChromaHttpClientOptionsError for mistakes in the options
  ChromaHttpClient(boost::asio::any_io_executor executor, ChromaHttpClientOptions options);
  /// With `ChromaHttpClientOptions::from_env()`.
  [[nodiscard]] static ChromaHttpClient from_env(boost::asio::any_io_executor executor);
  /// With `ChromaHttpClientOptions::from_cloud_env()`.
  [[nodiscard]] static ChromaHttpClient cloud(boost::asio::any_io_executor executor);

  ChromaHttpClient(const ChromaHttpClient& other);
  ChromaHttpClient& operator=(const ChromaHttpClient& other);
  ChromaHttpClient(ChromaHttpClient&& other) noexcept;
  ChromaHttpClient& operator=(ChromaHttpClient&& other) noexcept;
  ~ChromaHttpClient();

  /// Calls from now on use this database. Collection handles keep theirs.
  void set_database_name(std::string name);
  /// Calls from now on use this tenant. Collection handles keep theirs.
  void set_tenant_id(std::string tenant);
  /// The database in use; asked from the server if unknown.
  /// @throws ChromaHttpClientError CouldNotResolveDatabaseId unless the credentials lead to exactly one
  [[nodiscard]] boost::asio::awaitable<std::string> get_database_name() const;
  /// The tenant in use; asked from the server if unknown.
  [[nodiscard]] boost::asio::awaitable<std::string> get_tenant_id() const;

  /// Is the server there? `GET /api/v2/heartbeat`. Reads.
  [[nodiscard]] boost::asio::awaitable<HeartbeatResponse> heartbeat() const;
  /// Who the credentials belong to. `GET /api/v2/auth/identity`. Reads.
  [[nodiscard]] boost::asio::awaitable<GetUserIdentityResponse> get_auth_identity() const;
  /// The API version that the server names. `GET /api/v2/version`. Reads.
  [[nodiscard]] boost::asio::awaitable<std::string> version() const;
  /// The server's limits. `GET /api/v2/pre-flight-checks`. Reads; always asks anew.
  [[nodiscard]] boost::asio::awaitable<PreFlightChecks> pre_flight_checks() const;
  /// Whether the server's parts are ready, also when the status is 503, which is an answer here and no reason
  /// to try again. `GET /api/v2/healthcheck`. Reads.
  [[nodiscard]] boost::asio::awaitable<HealthcheckResponse> healthcheck() const;
  /// Deletes everything, where the server allows it (else ApiError 403). `POST /api/v2/reset`.
  [[nodiscard]] boost::asio::awaitable<bool> reset() const;

  /// `POST /api/v2/tenants`. ApiError 409 if it exists.
  [[nodiscard]] boost::asio::awaitable<void> create_tenant(std::string name) const;
  /// `GET /api/v2/tenants/{name}`. ApiError 404 if there is none. Reads.
  [[nodiscard]] boost::asio::awaitable<Tenant> get_tenant(std::string name) const;

  /// `POST /api/v2/tenants/{T}/databases`. ApiError 409 if it exists.
  [[nodiscard]] boost::asio::awaitable<void> create_database(std::string name) const;
  /// All databases of the tenant. `GET /api/v2/tenants/{T}/databases`. Reads.
  [[nodiscard]] boost::asio::awaitable<std::vector<Database>> list_databases() const;
  /// `GET /api/v2/tenants/{T}/databases/{name}`. ApiError 404 if there is none. Reads.
  [[nodiscard]] boost::asio::awaitable<Database> get_database(std::string name) const;
  /// `DELETE /api/v2/tenants/{T}/databases/{name}`. ApiError 404 if there is none.
  [[nodiscard]] boost::asio::awaitable<void> delete_database(std::string name) const;

  /// `POST .../collections`. ApiError 409 if it exists.
  /// @param schema indexes and their settings; unset leaves them to the server
  /// @param metadata at least one entry if given
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> create_collection(
      std::string name, std::optional<Schema> schema = std::nullopt,
      std::optional<Metadata> metadata = std::nullopt) const;
  /// The same, but hands back a collection of that name if there is one, as it is: schema and metadata are
  /// then ignored by the server.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_or_create_collection(
      std::string name, std::optional<Schema> schema = std::nullopt,
      std::optional<Metadata> metadata = std::nullopt) const;
  /// `GET .../collections/{name}`. ApiError 404 if there is none. Reads.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_collection(std::string name) const;
  /// `GET .../collections/by-id/{id}`. ApiError 404 if there is none, 400 if `id` is no UUID. Reads.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_collection_by_id(std::string id) const;
  /// Deletes the collection and its records. `DELETE .../collections/{name}`. ApiError 404 if there is none.
  [[nodiscard]] boost::asio::awaitable<void> delete_collection(std::string name) const;
  /// `GET .../collections_count`. Reads.
  [[nodiscard]] boost::asio::awaitable<std::uint32_t> count_collections() const;
  /// `GET .../collections?limit=&offset=`. Reads. An item that cannot be read is logged at `warn` and left
  /// out; the others are handed back.
  /// @param limit at most this many; @param offset leaves out so many first. Both below 2^32.
  [[nodiscard]] boost::asio::awaitable<std::vector<ChromaCollection>> list_collections(
      std::size_t limit, std::optional<std::size_t> offset = std::nullopt) const;

  /// A handle whose calls have another deadline, retry policy or headers. Copies as a copy does.
  /// @throws ChromaHttpClientOptionsError if a header or a duration is invalid
  [[nodiscard]] ChromaHttpClient with_options(CallOptions options) const;
  /// A handle with other credentials, tenant and database on the same connections. What the options gave
  /// besides the `auth_method`, as the endpoint's user and password, stays.
  /// @throws ChromaHttpClientOptionsError if the client sets the header of `auth` itself
  [[nodiscard]] ChromaHttpClient with_scope(ChromaAuthMethod auth, std::string tenant,
                                            std::string database) const;

 private:
  explicit ChromaHttpClient(std::shared_ptr<detail::ClientState> state) noexcept;

  std::shared_ptr<detail::ClientState> state_;
};

}  // namespace chroma

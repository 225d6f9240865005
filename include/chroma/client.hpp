#pragma once

/// @file
/// `ChromaHttpClient`: operations on a server, its tenants, its databases and its collections.

#include <chroma/collection.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/options.hpp>
#include <chroma/responses.hpp>
#include <chroma/schema.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

class CollectionPages;

namespace bulk {
class CollectionPager;
}

/// A client of one Chroma server.
///
/// **Operations** return an awaitable: `co_await client.heartbeat()`. They are lazy: nothing is checked or
/// sent before the awaitable is awaited. An awaitable owns everything that it needs, so the client may be
/// destroyed while it runs.
///
/// **Errors** are thrown as `ChromaHttpClientError`: of kind `ValidationError` if an argument is invalid, in
/// which case nothing is sent, except as `create_collection` says; `RequestError` if there was no complete
/// response; `ApiError` if the status of the response is not 2xx, usually 400 or more; `SerdeError` if the
/// response does not have the expected form; `CouldNotResolveDatabaseId` if tenant or database had to be
/// asked from the server and are not unique. `co_await as_result(op)` returns the error as a value instead.
///
/// **Retries** follow the `ChromaRetryOptions`. An operation that is documented as idempotent is retried
/// after status 429, 500, 502, 503 and 504 and after transport failures, every other operation only after
/// 429.
///
/// **Deadline**: `request_timeout` limits each call over all its attempts, from the moment it is awaited. A
/// call that takes longer fails with `Stage::timeout`.
///
/// **Cancellation**: an operation is cancelled by the cancellation slot of the coroutine that awaits it, at
/// any step, and then fails with `Stage::cancelled`. As always with Asio, the signal must be emitted on the
/// executor of that coroutine; another thread uses `asio::post` to get there. Destroying the coroutine or
/// stopping its `io_context` ends the operation, too. The server may have applied a write that was cancelled.
///
/// **Tenant and database** are taken from the options. If they are not set there, the client asks the server
/// with `GET /api/v2/auth/identity` when it first needs them, and caches the response. In the paths below
/// `{T}` is the tenant, `{D}` the database, and `...` stands for `/api/v2/tenants/{T}/databases/{D}`. Names
/// are percent-encoded, so that no name can address another resource. An empty name, "." and "..", and a name
/// that is not valid UTF-8 are a `ValidationError`.
///
/// **Lifetime**: the executor must remain valid as long as the client, its copies and its collection handles
/// exist, because their connections use it. Therefore an `io_context` must outlive them; a `Runtime` need
/// not.
///
/// **Copies** share the connections. Each has its own tenant and database, copied with the cached values.
///
/// **Thread safety**: all const members may be called from several threads at the same time, and the
/// operations awaited on any executor. `set_database_name` and `set_tenant_id` may be called while operations
/// run, which then use either value. Assigning to a client object while another thread uses that object is
/// not safe.
class CHROMA_API ChromaHttpClient {
 public:
  /// Makes a client with default options: a local server at port 8000. Does no network I/O.
  /// @param executor the executor of the connections; operations may be awaited on any other
  /// @throws ChromaHttpClientOptionsError if the environment variables name an invalid proxy
  explicit ChromaHttpClient(boost::asio::any_io_executor executor);
  /// Makes a client. Does no network I/O; reads the files that `options.tls` names, for an https endpoint or
  /// proxy.
  /// @param executor the executor of the connections; operations may be awaited on any other
  /// @throws ChromaHttpClientOptionsError if an option is invalid
  ChromaHttpClient(boost::asio::any_io_executor executor, ChromaHttpClientOptions options);
  /// Makes a client with `ChromaHttpClientOptions::from_env()`.
  /// @throws ChromaHttpClientOptionsError if an option is invalid
  [[nodiscard]] static ChromaHttpClient from_env(boost::asio::any_io_executor executor);
  /// Makes a client with `ChromaHttpClientOptions::from_cloud_env()`.
  /// @throws ChromaHttpClientOptionsError if an option is invalid
  [[nodiscard]] static ChromaHttpClient cloud(boost::asio::any_io_executor executor);

  ChromaHttpClient(const ChromaHttpClient& other);
  ChromaHttpClient& operator=(const ChromaHttpClient& other);
  ChromaHttpClient(ChromaHttpClient&& other) noexcept;
  ChromaHttpClient& operator=(ChromaHttpClient&& other) noexcept;
  ~ChromaHttpClient();

  /// Sets the database of later calls. Collection handles that exist keep their database.
  void set_database_name(std::string name);
  /// Sets the tenant of later calls. Collection handles that exist keep their tenant.
  void set_tenant_id(std::string tenant);
  /// Returns the database of the calls. Asks the server (`GET /api/v2/auth/identity`) if it is not known.
  /// Idempotent: retried on 5xx and transport failures.
  /// @throws ChromaHttpClientError of kind CouldNotResolveDatabaseId if the credentials do not give access to
  /// exactly one database
  [[nodiscard]] boost::asio::awaitable<std::string> get_database_name() const;
  /// Returns the tenant of the calls. Asks the server (`GET /api/v2/auth/identity`) if it is not known.
  /// Idempotent: retried on 5xx and transport failures.
  /// @throws ChromaHttpClientError of kind CouldNotResolveDatabaseId if the credentials do not belong to one
  /// tenant
  [[nodiscard]] boost::asio::awaitable<std::string> get_tenant_id() const;

  /// Returns the time of the server, which shows that it is reachable. Sends `GET /api/v2/heartbeat`.
  /// Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<HeartbeatResponse> heartbeat() const;
  /// Returns the user, the tenant and the databases that the credentials belong to. Sends
  /// `GET /api/v2/auth/identity`. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<GetUserIdentityResponse> get_auth_identity() const;
  /// Returns the version of the API as the server reports it. Sends `GET /api/v2/version`. Idempotent:
  /// retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<std::string> version() const;
  /// Returns the limits of the server. Sends `GET /api/v2/pre-flight-checks` on each call. Idempotent:
  /// retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<PreFlightChecks> pre_flight_checks() const;
  /// Returns which parts of the server are ready. Sends `GET /api/v2/healthcheck`. A response with status 503
  /// that has the body of a health check is returned like one with 200 and is not retried. Idempotent:
  /// retried on other 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<HealthcheckResponse> healthcheck() const;
  /// Deletes all data of the server, if its configuration allows that; otherwise fails with `ApiError` 403.
  /// Sends `POST /api/v2/reset`. Retried on 429 only.
  [[nodiscard]] boost::asio::awaitable<bool> reset() const;

  /// Creates a tenant. Sends `POST /api/v2/tenants`. Fails with `ApiError` 409 if there is one of that name.
  /// Retried on 429 only.
  [[nodiscard]] boost::asio::awaitable<void> create_tenant(std::string name) const;
  /// Returns a tenant. Sends `GET /api/v2/tenants/{name}`. Fails with `ApiError` 404 if there is none of that
  /// name. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<Tenant> get_tenant(std::string name) const;

  /// Creates a database of the tenant. Sends `POST /api/v2/tenants/{T}/databases`. Fails with `ApiError` 409
  /// if there is one of that name. Retried on 429 only.
  [[nodiscard]] boost::asio::awaitable<void> create_database(std::string name) const;
  /// Returns all databases of the tenant. Sends `GET /api/v2/tenants/{T}/databases`. Idempotent: retried on
  /// 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<std::vector<Database>> list_databases() const;
  /// Returns a database of the tenant. Sends `GET /api/v2/tenants/{T}/databases/{name}`. Fails with
  /// `ApiError` 404 if there is none of that name. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<Database> get_database(std::string name) const;
  /// Deletes a database of the tenant. Sends
  /// `DELETE /api/v2/tenants/{T}/databases/{name}`. Fails with `ApiError` 404 if there is none of that name.
  /// Retried on 429 only.
  [[nodiscard]] boost::asio::awaitable<void> delete_database(std::string name) const;

  /// Creates a collection. Sends `POST .../collections`. Fails with `ApiError` 409 if there is one of that
  /// name. Retried on 429 only.
  /// @param schema indexes and their settings; if unset, the server uses its defaults
  /// @param metadata the metadata of the collection; the server refuses an empty map with `ApiError` 400
  /// @param function the embedding function of the collection, which the handle uses. Its configuration is
  /// recorded in the schema, so that other handles and other clients can build it again; if the schema sets
  /// no distance, the default distance of the function is recorded with it
  /// @throws ChromaHttpClientError of kind ValidationError if name, schema or metadata is invalid. A
  /// single-node server drops the connection without a response if the metadata has an array or a sparse
  /// vector, which it cannot store. This, too, is a ValidationError, although the request was sent, because
  /// the kind of server is not known before
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> create_collection(
      std::string name, std::optional<Schema> schema = std::nullopt,
      std::optional<Metadata> metadata = std::nullopt,
      std::shared_ptr<const embed::DenseEmbeddingFunction> function = nullptr) const;
  /// Like `create_collection`, but if there is a collection of that name, returns it unchanged; the server
  /// then ignores `schema` and `metadata`. Retried on 429 only.
  /// @throws ChromaHttpClientError of kind EmbeddingFunctionError if the collection exists and names another
  /// function than `function`
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_or_create_collection(
      std::string name, std::optional<Schema> schema = std::nullopt,
      std::optional<Metadata> metadata = std::nullopt,
      std::shared_ptr<const embed::DenseEmbeddingFunction> function = nullptr) const;
  /// Returns a handle to the collection of that name. Sends `GET .../collections/{name}`. Fails with
  /// `ApiError` 404 if there is none. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_collection(std::string name) const;
  /// Returns a handle to the collection of that id. Sends `GET .../collections/by-id/{id}`. Fails with
  /// `ApiError` 404 if there is none, and 400 if `id` is not a UUID. Idempotent: retried on 5xx and transport
  /// failures.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> get_collection_by_id(std::string id) const;
  /// Deletes the collection of that name and its records. Sends `DELETE .../collections/{name}`. Fails with
  /// `ApiError` 404 if there is none. Retried on 429 only.
  [[nodiscard]] boost::asio::awaitable<void> delete_collection(std::string name) const;
  /// Returns the number of collections of the database. Sends `GET .../collections_count`. Idempotent:
  /// retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<std::uint32_t> count_collections() const;
  /// Returns a page of the collections of the database. Sends `GET .../collections?limit=&offset=`. A
  /// collection that cannot be decoded is logged at `warn` and left out. Idempotent: retried on 5xx and
  /// transport failures.
  /// @param limit the most collections to return, at most 4294967295
  /// @param offset how many collections to skip, at most 4294967295; if unset, the query does not have it
  /// @throws ChromaHttpClientError of kind ValidationError if `limit` or `offset` is too large
  [[nodiscard]] boost::asio::awaitable<std::vector<ChromaCollection>> list_collections(
      std::size_t limit, std::optional<std::size_t> offset = std::nullopt) const;

  /// Returns all collections of the database, fetched in pages of 1000 until a page is empty. Sends
  /// `GET .../collections?limit=&offset=` for each page; all pages share the deadline of the call. A
  /// collection that is created or deleted at the same time may be missing; none is returned twice. A
  /// collection that cannot be decoded is logged at `warn` and left out. Idempotent: retried on 5xx and
  /// transport failures.
  /// @throws ChromaHttpClientError of kind SerdeError if three pages in a row have only collections of
  /// pages before, because the server ignores the offset
  [[nodiscard]] boost::asio::awaitable<std::vector<ChromaCollection>> list_collections() const;

  /// Returns a copy whose calls have this deadline in place of `request_timeout`; zero means no deadline.
  /// @throws ChromaHttpClientOptionsError if `timeout` is negative
  [[nodiscard]] ChromaHttpClient with_timeout(std::chrono::milliseconds timeout) const;
  /// Returns a copy whose calls have another deadline, another retry policy or other headers.
  /// @throws ChromaHttpClientOptionsError if a header or a duration is invalid
  [[nodiscard]] ChromaHttpClient with_options(CallOptions options) const;
  /// Returns a copy with other credentials, another tenant and another database. The default headers and the
  /// user and password of the endpoint still apply.
  /// @throws ChromaHttpClientOptionsError if the header of `auth` is one that the client sets itself
  [[nodiscard]] ChromaHttpClient with_scope(ChromaAuthMethod auth, std::string tenant,
                                            std::string database) const;

  /// The collections of the database, page by page; see `CollectionPages` in `chroma/pages.hpp`, which
  /// callers must include. Sends nothing before the first call of `next`.
  /// @throws ChromaHttpClientError of kind ValidationError for `PageMode::SnapshotIds` or if the client has
  /// been moved from
  [[nodiscard]] CollectionPages collection_pages() const;
  [[nodiscard]] CollectionPages collection_pages(PageOptions options) const;

  /// The executor of the connections.
  /// @throws ChromaHttpClientError of kind ValidationError if the client has been moved from
  [[nodiscard]] boost::asio::any_io_executor get_executor() const;
  /// The settings of this client, with those of `with_options`.
  /// @throws ChromaHttpClientError of kind ValidationError if the client has been moved from
  [[nodiscard]] ClientSettings settings() const;

 private:
  friend class ChromaCollection;
  friend class bulk::CollectionPager;
  explicit ChromaHttpClient(std::shared_ptr<detail::ClientState> state) noexcept;

  // As `list_collections`; the second part is a digest of each item that cannot be decoded.
  using CollectionPage = std::pair<std::vector<ChromaCollection>, std::vector<std::size_t>>;
  boost::asio::awaitable<CollectionPage> list_page(std::size_t limit, std::size_t offset) const;

  std::shared_ptr<detail::ClientState> state_;
};

}  // namespace chroma

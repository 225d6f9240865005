#pragma once

/// @file
/// `ChromaCollection`: a handle to a collection and the operations on its records.

#include <chroma/collection_model.hpp>
#include <chroma/error.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/options.hpp>
#include <chroma/read_level.hpp>
#include <chroma/requests.hpp>
#include <chroma/responses.hpp>
#include <chroma/schema.hpp>
#include <chroma/search.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma {

class ChromaHttpClient;
class RecordPages;
struct PageOptions;

namespace embed {
class DenseEmbeddingFunction;
}  // namespace embed

namespace detail {
class ClientState;
struct CollectionCell;
}  // namespace detail

/// A handle to one collection of a server. It holds the id, tenant and database of the collection as they
/// were when it was fetched, and sends its requests there, whatever the client is set to later.
///
/// `ChromaHttpClient` makes handles. They share its connections and remain usable after it is destroyed, as
/// long as its executor exists. What the documentation of `ChromaHttpClient` says about operations, errors,
/// retries, deadlines and cancellation applies here. In the paths below `...` stands for
/// `/api/v2/tenants/{T}/databases/{D}/collections/{id}`.
///
/// Each operation checks its request before it sends anything, and fails with a `ValidationError` that names
/// the field and the row.
///
/// **Embedding functions** make the vectors of records that are written with documents alone, and of queries
/// that are given as texts. The dense function is the one of `set_embedding_function` or `create_collection`,
/// else the one that the configuration or the schema of the collection names. The latter is built by
/// `ChromaHttpClientOptions::embedding_functions` when it is first needed; if that is not possible, the
/// operation that needs it fails with an `EmbeddingFunctionError` that says why, and all other operations
/// work. If the collection names no function, the error is `MissingEmbeddingFunction`. The function of a
/// sparse index is built from the schema in the same way. Functions have deadlines and retries of their own:
/// the deadline of an operation begins when its embeddings have been made. The error of a function says which
/// text it is about by its index in the request.
///
/// **Copies** are cheap and independent: `modify` on one of them does not change the others.
///
/// **Thread safety**: all const members may be called from several threads at the same time, and the
/// operations awaited on any executor; `set_embedding_function` may be called while operations run, which
/// then use either function. `modify` must not run while another thread uses the same handle object.
class CHROMA_API ChromaCollection {
 public:
  /// Makes an empty handle: operations fail with a `ValidationError`, accessors return empty values. It
  /// exists because `boost::asio::co_spawn` requires results to be default-constructible.
  ChromaCollection();
  ChromaCollection(const ChromaCollection& other);
  ChromaCollection& operator=(const ChromaCollection& other);
  ChromaCollection(ChromaCollection&& other) noexcept;
  ChromaCollection& operator=(ChromaCollection&& other) noexcept;
  ~ChromaCollection();

  /// @name Properties of the collection
  /// They do not ask the server. References remain valid until the handle is assigned to, destroyed, or
  /// changed by `modify`.
  /// @{
  [[nodiscard]] const std::string& id() const noexcept;        ///< UUID.
  [[nodiscard]] const std::string& name() const noexcept;      ///< `modify` changes it.
  [[nodiscard]] const std::string& tenant() const noexcept;    ///< Tenant of all requests of this handle.
  [[nodiscard]] const std::string& database() const noexcept;  ///< Database of all requests of this handle.
  [[nodiscard]] std::int32_t version() const noexcept;         ///< As fetched; later changes do not show.
  /// Number of components of the embeddings, as fetched; unset if there was no record yet.
  [[nodiscard]] std::optional<std::int32_t> dimension() const noexcept;
  [[nodiscard]] const std::optional<Metadata>& metadata() const noexcept;  ///< `modify` changes it.
  [[nodiscard]] const std::optional<Schema>& schema() const noexcept;      ///< As fetched.
  [[nodiscard]] const Collection& model() const noexcept;                  ///< All properties.
  /// @}

  /// Returns the number of records. Sends `GET .../count?read_level=`. Idempotent: retried on 5xx and
  /// transport failures.
  [[nodiscard]] boost::asio::awaitable<std::uint32_t> count(ReadLevel level = ReadLevel::IndexAndWal) const;
  /// Returns how many operations of the write-ahead log are indexed. Sends `GET .../indexing_status`.
  /// Idempotent: retried on 5xx and transport failures. A single-node server responds with 500.
  [[nodiscard]] boost::asio::awaitable<IndexStatusResponse> get_indexing_status() const;
  /// Renames the collection, replaces its metadata as a whole, or both, on the server and then in this
  /// handle. Sends `PUT ...`, or nothing if both arguments are unset. Retried on 429 only.
  /// @param new_name a name that no other collection of the database has; a single-node server responds with
  /// 500 if one has it
  /// @param new_metadata the new metadata; the server refuses an empty map with `ApiError` 400
  /// @throws ChromaHttpClientError of kind ValidationError if the name is empty or the metadata is invalid
  [[nodiscard]] boost::asio::awaitable<void> modify(std::optional<std::string> new_name,
                                                    std::optional<Metadata> new_metadata = std::nullopt);

  /// Returns all records with documents and metadata; Chroma Cloud returns the first 300 of them. Sends
  /// `POST .../get`. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<GetResponse> get() const;
  /// Returns records by id, by filter, or both. Sends `POST .../get`. Idempotent: retried on 5xx and
  /// transport failures.
  [[nodiscard]] boost::asio::awaitable<GetResponse> get(GetRequest request) const;
  /// Returns the first records with embeddings, documents and metadata. Sends `POST .../get`. Idempotent:
  /// retried on 5xx and transport failures.
  /// @param limit the most records to return
  [[nodiscard]] boost::asio::awaitable<GetResponse> peek(std::uint32_t limit = 10) const;
  /// Returns the records that are nearest to each query vector, or to the embedding of each query text. Sends
  /// `POST .../query`. Idempotent: retried
  /// on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<QueryResponse> query(QueryRequest request) const;
  /// Runs one search. Sends `POST .../search`. Idempotent: retried on 5xx and transport failures. A
  /// single-node server responds with 501.
  [[nodiscard]] boost::asio::awaitable<SearchResponse> search(SearchPayload payload,
                                                              ReadLevel level = ReadLevel::IndexAndWal) const;
  /// Runs several searches in one request; the response has their results in the same order. Sends
  /// `POST .../search`. Texts of `Knn::text` are replaced by vectors first: those of the key `#embedding` by
  /// the dense function, others by the function of the sparse index of their key. Each function is called
  /// once, with all its texts of all searches. Idempotent: retried on 5xx and transport failures.
  [[nodiscard]] boost::asio::awaitable<SearchResponse> search(std::vector<SearchPayload> payloads,
                                                              ReadLevel level = ReadLevel::IndexAndWal) const;
  /// The same with the searches and the read level of a `SearchRequest`.
  [[nodiscard]] boost::asio::awaitable<SearchResponse> search(SearchRequest request) const;

  /// Adds records. The server silently ignores a record whose id exists. Sends `POST .../add`. Retried on 429
  /// only.
  ///
  /// Without embeddings, every record needs a document, of which the embedding function makes them. For each
  /// metadata key whose sparse index has a function and a source key, the vectors of the records that lack
  /// the key are made of the document or of the text under the source key.
  [[nodiscard]] boost::asio::awaitable<void> add(AddRequest request) const;
  /// Changes parts of existing records. The server silently ignores an id that does not exist. Sends
  /// `POST .../update`. Retried on 429 only.
  ///
  /// Without embeddings, those of the records whose documents change are made by the embedding function; if
  /// the collection names none, they keep their values. Sparse vectors are made as by `add`.
  [[nodiscard]] boost::asio::awaitable<void> update(UpdateRequest request) const;
  /// Adds records, or changes them if their ids exist. Sends `POST .../upsert`. Retried on 429 only. Vectors
  /// are made as by `add`.
  [[nodiscard]] boost::asio::awaitable<void> upsert(UpsertRequest request) const;
  /// Deletes records by id, by filter, or both. Sends `POST .../delete`. Retried on 429 only.
  ///
  /// A request that has neither ids nor a filter is not sent: it fails with a `ValidationError`, also if its
  /// list of ids is empty. (The server would respond with `deleted` 0 and delete nothing.)
  [[nodiscard]] boost::asio::awaitable<DeleteResponse> delete_records(DeleteRequest request) const;

  /// @name Embedding functions
  /// @{
  /// Sets the function that makes the embeddings of this handle's documents and query texts, in place of the
  /// one that the collection names. It is not recorded on the server. A null pointer means no function.
  /// @throws ChromaHttpClientError of kind ValidationError if the handle is empty
  void set_embedding_function(std::shared_ptr<const embed::DenseEmbeddingFunction> function);
  /// The function that makes the embeddings, which is built if need be, or the reason why there is none.
  [[nodiscard]] Result<std::shared_ptr<const embed::DenseEmbeddingFunction>> embedding_function() const;
  /// Makes the embeddings of documents: one row for each text. Sends nothing to the Chroma server.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_documents(std::vector<std::string> texts) const;
  /// Makes the embeddings of query texts: one row for each text. Sends nothing to the Chroma server.
  [[nodiscard]] boost::asio::awaitable<Embeddings> embed_query(std::vector<std::string> texts) const;
  /// Returns the request that `add` would send: with the embeddings and sparse vectors that the functions
  /// make. Sends nothing to the Chroma server. If the write of the result fails, it can be repeated without
  /// calling the functions again.
  [[nodiscard]] boost::asio::awaitable<AddRequest> embedded(AddRequest request) const;
  /// The same for `upsert`.
  [[nodiscard]] boost::asio::awaitable<UpsertRequest> embedded(UpsertRequest request) const;
  /// The same for `update`.
  [[nodiscard]] boost::asio::awaitable<UpdateRequest> embedded(UpdateRequest request) const;
  /// @}

  /// Creates a copy of the collection in the same database and returns a handle to it. Sends `POST .../fork`.
  /// Retried on 429 only. A single-node server responds with 501.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> fork(std::string new_name) const;
  /// Returns the number of forks of the collection. Sends `GET .../fork_count`. Idempotent: retried on 5xx
  /// and transport failures. A single-node server responds with 501.
  [[nodiscard]] boost::asio::awaitable<std::size_t> fork_count() const;

  /// Returns a copy whose calls have this deadline in place of `request_timeout`; zero means no deadline. A
  /// copy of an empty handle is empty.
  /// @throws ChromaHttpClientOptionsError if `timeout` is negative
  [[nodiscard]] ChromaCollection with_timeout(std::chrono::milliseconds timeout) const;
  /// Returns a copy whose calls have another deadline, another retry policy or other headers. A copy of an
  /// empty handle is empty.
  /// @throws ChromaHttpClientOptionsError if a header or a duration is invalid
  [[nodiscard]] ChromaCollection with_options(CallOptions options) const;

  /// Returns a client that has the connections and call options of this handle and the tenant and database of
  /// the collection. Callers must include `chroma/client.hpp`.
  /// @throws ChromaHttpClientError of kind ValidationError for an empty handle
  [[nodiscard]] ChromaHttpClient client() const;
  /// The records that `request` selects, page by page; see `RecordPages` in `chroma/pages.hpp`, which callers
  /// must include. Without a request, all records with documents and metadatas. Sends nothing before the
  /// first call of `next`.
  /// @throws ChromaHttpClientError of kind ValidationError for an empty handle or an invalid request
  [[nodiscard]] RecordPages pages() const;
  [[nodiscard]] RecordPages pages(GetRequest request) const;
  [[nodiscard]] RecordPages pages(GetRequest request, PageOptions options) const;

  /// Writes name, id, tenant and database on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const ChromaCollection& collection);

 private:
  friend struct detail::CollectionCell;
  explicit ChromaCollection(std::shared_ptr<detail::CollectionCell> cell) noexcept;

  std::shared_ptr<detail::CollectionCell> cell_;
};

}  // namespace chroma

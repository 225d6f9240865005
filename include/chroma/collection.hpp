#pragma once

/// @file
/// `ChromaCollection`: a collection's records.

#include <chroma/collection_model.hpp>
#include <chroma/export.hpp>
#include <chroma/metadata.hpp>
#include <chroma/options.hpp>
#include <chroma/read_level.hpp>
#include <chroma/requests.hpp>
#include <chroma/responses.hpp>
#include <chroma/schema.hpp>
#include <chroma/search.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma {

namespace detail {
class ClientState;
struct CollectionCell;
}  // namespace detail

/// A handle to one collection of a server: its id, tenant and database as they were when it was fetched, and
/// the operations on its records. Handles come from `ChromaHttpClient`; they share its connections and keep
/// working when it is gone, as long as its executor lives. What holds for operations, retries, time,
/// cancellation and errors there holds here.
///
/// Requests are checked before anything is sent: `ValidationError` names the field and the row.
///
/// **Copies** are cheap; each has a cell of its own, so that `modify` on one does not show in the others.
/// **Thread safety**: all but `modify` may run at once, from many threads. `modify` must not run while
/// another thread uses the same handle object.
class CHROMA_API ChromaCollection {
 public:
  /// An empty handle: operations throw `ValidationError`, accessors give empty values. `co_spawn` needs it.
  ChromaCollection();
  ChromaCollection(const ChromaCollection& other);
  ChromaCollection& operator=(const ChromaCollection& other);
  ChromaCollection(ChromaCollection&& other) noexcept;
  ChromaCollection& operator=(ChromaCollection&& other) noexcept;
  ~ChromaCollection();

  /// @name What the server told of the collection
  /// References stay valid until the handle is assigned to, destroyed, or changed by `modify`.
  /// @{
  [[nodiscard]] const std::string& id() const noexcept;        ///< UUID.
  [[nodiscard]] const std::string& name() const noexcept;      ///< Changed by `modify`.
  [[nodiscard]] const std::string& tenant() const noexcept;    ///< Where its requests go.
  [[nodiscard]] const std::string& database() const noexcept;  ///< Where its requests go.
  [[nodiscard]] std::int32_t version() const noexcept;         ///< As fetched.
  [[nodiscard]] std::optional<std::int32_t> dimension()
      const noexcept;  ///< As fetched; unset before the first record.
  [[nodiscard]] const std::optional<Metadata>& metadata() const noexcept;  ///< Changed by `modify`.
  [[nodiscard]] const std::optional<Schema>& schema() const noexcept;      ///< As fetched.
  [[nodiscard]] const Collection& model() const noexcept;                  ///< All of it.
  /// @}

  /// How many records. `GET .../count`. Reads.
  [[nodiscard]] boost::asio::awaitable<std::uint32_t> count(ReadLevel level = ReadLevel::IndexAndWal) const;
  /// How far indexing has come. `GET .../indexing_status`. Reads. A single-node server answers 500.
  [[nodiscard]] boost::asio::awaitable<IndexStatusResponse> get_indexing_status() const;
  /// Renames the collection or replaces its metadata as a whole, on the server and in this handle.
  /// `PUT .../collections/{id}`; sends nothing if neither is given. Not repeated but after 429.
  [[nodiscard]] boost::asio::awaitable<void> modify(std::optional<std::string> new_name,
                                                    std::optional<Metadata> new_metadata = std::nullopt);

  /// All records, with documents and metadata; Chroma Cloud hands back its first 300. `POST .../get`. Reads.
  [[nodiscard]] boost::asio::awaitable<GetResponse> get() const;
  /// Records by id or filter. `POST .../get`. Reads.
  [[nodiscard]] boost::asio::awaitable<GetResponse> get(GetRequest request) const;
  /// The first few records with embeddings, documents and metadata. `POST .../get`. Reads.
  [[nodiscard]] boost::asio::awaitable<GetResponse> peek(std::uint32_t limit = 10) const;
  /// The nearest records of each query vector. `POST .../query`. Reads.
  [[nodiscard]] boost::asio::awaitable<QueryResponse> query(QueryRequest request) const;
  /// One search. `POST .../search`. Reads. A single-node server answers 501.
  [[nodiscard]] boost::asio::awaitable<SearchResponse> search(SearchPayload payload,
                                                              ReadLevel level = ReadLevel::IndexAndWal) const;
  /// Several searches in one request, answered in their order. Reads.
  [[nodiscard]] boost::asio::awaitable<SearchResponse> search(std::vector<SearchPayload> payloads,
                                                              ReadLevel level = ReadLevel::IndexAndWal) const;

  /// Stores new records; the server leaves records alone whose id exists. `POST .../add`.
  [[nodiscard]] boost::asio::awaitable<void> add(AddRequest request) const;
  /// Changes parts of existing records; the server ignores ids that do not exist. `POST .../update`.
  [[nodiscard]] boost::asio::awaitable<void> update(UpdateRequest request) const;
  /// Stores records, new or not. `POST .../upsert`.
  [[nodiscard]] boost::asio::awaitable<void> upsert(UpsertRequest request) const;
  /// Deletes by id or filter; neither is refused here. `POST .../delete`. `.deleted` is the server's count.
  [[nodiscard]] boost::asio::awaitable<DeleteResponse> delete_records(DeleteRequest request) const;

  /// A copy of the collection under another name, in the same database. `POST .../fork`. A single-node server
  /// answers 501.
  [[nodiscard]] boost::asio::awaitable<ChromaCollection> fork(std::string new_name) const;
  /// How many forks there are. `GET .../fork_count`. Reads. A single-node server answers 501.
  [[nodiscard]] boost::asio::awaitable<std::size_t> fork_count() const;

  /// A handle whose calls have another deadline, retry policy or headers. An empty handle stays one.
  /// @throws ChromaHttpClientOptionsError if a header or a duration is invalid
  [[nodiscard]] ChromaCollection with_options(CallOptions options) const;

  /// Name, id, tenant and database, on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const ChromaCollection& collection);

 private:
  friend struct detail::CollectionCell;
  explicit ChromaCollection(std::shared_ptr<detail::CollectionCell> cell) noexcept;

  std::shared_ptr<detail::CollectionCell> cell_;
};

}  // namespace chroma

#pragma once

/// @file
/// Pages: all records of a collection, or all collections of a database, in several requests.

#include <chroma/client.hpp>
#include <chroma/collection.hpp>
#include <chroma/export.hpp>
#include <chroma/read_requests.hpp>
#include <chroma/responses.hpp>
#include <chroma/rows.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace chroma {

namespace bulk {
class RecordPager;
class CollectionPager;
}  // namespace bulk

/// How pages are requested, which decides what happens if the collection is written to at the same time. More
/// may be added: write a default in a `switch` over this type.
enum class PageMode {
  /// By offset, in the order of the server. If a record before the current position is deleted meanwhile,
  /// another record is left out; a record that is deleted and added again may come twice.
  Offset,
  /// All ids first, then the records by id. No record comes twice, and no record is left out that exists
  /// during the whole time. Records that are deleted meanwhile are missing, and records that are added
  /// meanwhile do not come. All ids are held in memory.
  SnapshotIds,
};

/// The options of pages.
struct CHROMA_API PageOptions {
  PageOptions() = default;

  std::size_t page_size = 0;  ///< Records in a page; 0 means 300 on Chroma Cloud and 1000 elsewhere.
  PageMode mode = PageMode::Offset;
  std::size_t prefetch = 1;  ///< 1 requests the next page while this one is used; 0 does not.
  /// The most records in all pages together. The limit of the request applies as well.
  std::optional<std::uint64_t> max_rows;
};

/// The records that a request selects, from `ChromaCollection::pages`:
///
///     auto pages = collection.pages(request);
///     while (co_await pages.next()) use(pages.page());
///
/// A page may be shorter than `page_size`, because the server may return fewer records than asked for. Only
/// an empty response is the end. If the server refuses a page as too long, a shorter one is requested. Each
/// request is retried as `ChromaCollection::get` is.
///
/// **Cancellation**: a cancelled `next` may be called again; the request continues. **Thread safety**: an
/// object may be used by one thread at a time. **Copies** share their state: they are the same sequence.
/// **Moved-from objects** are empty: `next` fails with a `ValidationError`, and the other members throw one.
class CHROMA_API RecordPages {
 public:
  /// Fetches the next page. False if there is none.
  /// @throws ChromaHttpClientError as `ChromaCollection::get`; of kind SerdeError if the server repeats a
  /// page at three further offsets, because it ignores the offset. A later call requests the same page again
  [[nodiscard]] boost::asio::awaitable<bool> next();
  /// The page that `next` fetched; valid until it is called again. Records may be moved out of it.
  [[nodiscard]] GetResponse& page();
  /// The position after this page, for `seek`. With `PageMode::Offset` it is an offset in the collection,
  /// which another process can use; with `PageMode::SnapshotIds` it counts the ids of this object.
  [[nodiscard]] std::uint64_t position() const;
  /// The next page begins at this position.
  void seek(std::uint64_t position);

 private:
  friend class ChromaCollection;
  explicit RecordPages(std::shared_ptr<bulk::RecordPager> pager) noexcept : pager_(std::move(pager)) {}

  std::shared_ptr<bulk::RecordPager> pager_;
};

/// The collections of a database, from `ChromaHttpClient::collection_pages`; used like `RecordPages`. Each
/// collection comes at most once. One may be left out if others are created or deleted meanwhile, because the
/// server orders them by their random ids. One that cannot be decoded is logged at `warn` and left out; it
/// counts in positions and in `PageOptions::max_rows`. `PageMode::SnapshotIds` is refused.
class CHROMA_API CollectionPages {
 public:
  /// Fetches the next page. False if there is none.
  /// @throws ChromaHttpClientError as `ChromaHttpClient::list_collections`, which requests all pages
  [[nodiscard]] boost::asio::awaitable<bool> next();
  /// The page that `next` fetched; valid until it is called again.
  [[nodiscard]] std::vector<ChromaCollection>& page();
  /// The position after this page, for `seek`.
  [[nodiscard]] std::uint64_t position() const;
  /// The next page begins at this position.
  void seek(std::uint64_t position);

 private:
  friend class ChromaHttpClient;
  explicit CollectionPages(std::shared_ptr<bulk::CollectionPager> pager) noexcept
      : pager_(std::move(pager)) {}

  std::shared_ptr<bulk::CollectionPager> pager_;
};

/// Calls `callback(row)` for each record that the request selects.
/// @param callback takes a `Row`, which is valid during the call; returns nothing, or a bool that is false to
/// stop, or an awaitable of one of these
/// @throws ChromaHttpClientError as `RecordPages::next`; what the callback throws
template <class Callback>
boost::asio::awaitable<void> for_each_row(ChromaCollection collection, GetRequest request, Callback callback,
                                          PageOptions options = PageOptions()) {
  using Returned = std::invoke_result_t<Callback&, const Row&>;
  auto pages = collection.pages(std::move(request), std::move(options));
  for (;;) {
    const bool more = co_await pages.next();
    if (!more) co_return;
    for (const Row row : std::as_const(pages.page()).rows()) {
      if constexpr (std::is_void_v<Returned>) {
        callback(row);
      } else if constexpr (std::is_convertible_v<Returned, bool>) {
        if (!callback(row)) co_return;
      } else if constexpr (std::is_same_v<Returned, boost::asio::awaitable<void>>) {
        co_await callback(row);
      } else {
        const bool go_on = co_await callback(row);
        if (!go_on) co_return;
      }
    }
  }
}

}  // namespace chroma

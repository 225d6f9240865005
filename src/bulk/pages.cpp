#include "bulk/pager.hpp"
#include "bulk/refusal.hpp"
#include "bulk/translated.hpp"
#include "core/paged_items.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace chroma {
namespace bulk {
namespace {

constexpr std::size_t cloud_page = 300;
constexpr std::size_t usual_page = 1000;
// Ids alone are short; the single-node server has no limit for them.
constexpr std::size_t id_page = 10'000;

constexpr std::string_view get_operation = "collection_get";

std::size_t automatic_page(const PageOptions& options, bool cloud) {
  if (options.page_size > 0) return options.page_size;
  return cloud ? cloud_page : usual_page;
}

/// The length of a shorter page to ask for when the server has refused one as too long; 0 if the error has
/// another reason.
std::size_t shorter_page(const ChromaHttpClientError& error, std::size_t refused) {
  const auto* response = error.get_if<ApiError>();
  if (response == nullptr || refused <= 1) return 0;
  const std::string_view message = response->message;
  if (response->status == 422 && message.starts_with("Quota exceeded: 'Limit value'")) {
    const std::size_t limit = limit_named(message);
    return limit > 0 && limit < refused ? limit : refused / 2;
  }
  const bool is_too_long = response->status == 500 && message.find("too many SQL variables") != message.npos;
  return is_too_long ? refused / 2 : 0;
}

}  // namespace

class RecordPager : public Pager<GetResponse> {
 public:
  RecordPager(ChromaCollection collection, GetRequest request, PageOptions options)
      : Pager(collection.client().get_executor(), options, first_position(request, options)),
        collection_(std::move(collection)),
        request_(std::move(request)),
        end_(end_of(request_, options)),
        page_size_(automatic_page(options, collection_.client().settings().cloud)),
        id_page_size_(collection_.client().settings().cloud ? cloud_page : id_page) {}

 private:
  /// Positions of SnapshotIds count ids, those of Offset are the server's.
  static std::uint64_t first_position(const GetRequest& request, const PageOptions& options) {
    return options.mode == PageMode::Offset ? request.offset() : 0;
  }
  /// Where the request's own limit ends, as an offset of the server.
  static std::uint64_t end_of(const GetRequest& request, const PageOptions& options) {
    constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
    const auto rows = std::min(request.limit().value_or(unlimited), options.max_rows.value_or(unlimited));
    return rows > unlimited - request.offset() ? unlimited : request.offset() + rows;
  }

  asio::awaitable<Fetched> fetch(std::uint64_t position) override {
    if (options_.mode == PageMode::Offset) return fetch_by_offset(position);
    return fetch_by_ids(position);
  }

  /// Reduces `page_size` if the server refuses a page as too long.
  asio::awaitable<GetResponse> get_page(GetRequest request, std::uint64_t offset, std::size_t& page_size) {
    for (;;) {
      GetRequest page = request;
      page.offset(offset).limit(std::min<std::uint64_t>(page_size, end_ - offset));
      auto getting = collection_.get(std::move(page));
      auto result = co_await as_result(std::move(getting));
      if (result.has_value()) co_return std::move(*result);
      const std::size_t shorter = shorter_page(result.error(), page_size);
      if (shorter == 0) throw result.error();
      page_size = shorter;
    }
  }

  asio::awaitable<Fetched> fetch_by_offset(std::uint64_t position) {
    Fetched fetched;
    fetched.next = position;
    fetched.end = true;
    if (position >= end_) co_return fetched;
    fetched.page = co_await get_page(request_, position, page_size_);
    fetched.next = position + fetched.page.ids.size();
    fetched.end = fetched.page.ids.empty();
    if (fetched.end) co_return fetched;
    repeated_.end_page(fetched.page.ids != previous_ids_);
    previous_ids_ = fetched.page.ids;
    co_return fetched;
  }

  void restart() override {
    repeated_ = core::RepeatedPages(get_operation);
    previous_ids_.clear();
  }

  /// All ids that the request selects, each once.
  asio::awaitable<void> take_snapshot() {
    GetRequest request = request_;
    request.include(IncludeList());
    std::vector<std::string> ids;
    core::PagedItems seen(get_operation);
    for (std::uint64_t offset = request_.offset(); offset < end_;) {
      auto page = co_await get_page(request, offset, id_page_size_);
      if (page.ids.empty()) break;
      offset += page.ids.size();
      for (std::string& id : page.ids) {
        if (seen.add(id)) ids.push_back(std::move(id));
      }
      seen.end_page();
    }
    snapshot_ = std::move(ids);
  }

  asio::awaitable<Fetched> fetch_by_ids(std::uint64_t position) {
    if (!snapshot_) co_await take_snapshot();
    Fetched fetched;
    fetched.next = position;
    while (fetched.page.ids.empty() && fetched.next < snapshot_->size()) {
      const auto first = snapshot_->begin() + static_cast<std::ptrdiff_t>(fetched.next);
      const auto count = std::min<std::uint64_t>(page_size_, snapshot_->size() - fetched.next);
      GetRequest block;
      block.include(request_.include());
      block.ids(std::vector<std::string>(first, first + static_cast<std::ptrdiff_t>(count)));
      auto getting = collection_.get(std::move(block));
      auto result = co_await as_result(std::move(getting));
      if (!result.has_value()) {
        const std::size_t shorter = shorter_page(result.error(), page_size_);
        if (shorter == 0) throw result.error();
        page_size_ = shorter;
        continue;
      }
      fetched.page = std::move(*result);
      fetched.next += count;
    }
    fetched.end = fetched.page.ids.empty();
    co_return fetched;
  }

  ChromaCollection collection_;
  GetRequest request_;
  std::uint64_t end_;
  std::size_t page_size_;
  std::size_t id_page_size_;
  core::RepeatedPages repeated_{get_operation};
  std::vector<std::string> previous_ids_;  // Of the page before, with PageMode::Offset.
  std::optional<std::vector<std::string>> snapshot_;
};

class CollectionPager : public Pager<std::vector<ChromaCollection>> {
 public:
  CollectionPager(ChromaHttpClient client, PageOptions options)
      : Pager(client.get_executor(), options, 0),
        client_(std::move(client)),
        page_size_(automatic_page(options, client_.settings().cloud)) {}

 private:
  asio::awaitable<Fetched> fetch(std::uint64_t position) override {
    Fetched fetched;
    fetched.next = position;
    const auto most = options_.max_rows.value_or(std::numeric_limits<std::uint64_t>::max());
    while (fetched.page.empty() && fetched.next < most) {
      const auto limit = static_cast<std::size_t>(std::min<std::uint64_t>(page_size_, most - fetched.next));
      auto found = co_await client_.list_page(limit, static_cast<std::size_t>(fetched.next));
      const std::size_t received = found.first.size() + found.second.size();
      if (received == 0) break;
      fetched.next += received;
      for (const std::size_t digest : found.second) seen_.add_unreadable(digest);
      for (ChromaCollection& collection : found.first) {
        if (seen_.add(collection.id())) fetched.page.push_back(std::move(collection));
      }
      seen_.end_page();
    }
    fetched.end = fetched.page.empty();
    co_return fetched;
  }

  void restart() override { seen_.clear(); }

  ChromaHttpClient client_;
  std::size_t page_size_;
  core::PagedItems seen_{"list_collections"};
};

}  // namespace bulk

boost::asio::awaitable<bool> RecordPages::next() {
  return bulk::translated(bulk::RecordPager::next(pager_), pager_);
}
GetResponse& RecordPages::page() {
  return bulk::require(pager_).page();
}
std::uint64_t RecordPages::position() const {
  return bulk::require(pager_).position();
}
void RecordPages::seek(std::uint64_t position) {
  bulk::require(pager_).seek(position);
}

boost::asio::awaitable<bool> CollectionPages::next() {
  return bulk::translated(bulk::CollectionPager::next(pager_), pager_);
}
std::vector<ChromaCollection>& CollectionPages::page() {
  return bulk::require(pager_).page();
}
std::uint64_t CollectionPages::position() const {
  return bulk::require(pager_).position();
}
void CollectionPages::seek(std::uint64_t position) {
  bulk::require(pager_).seek(position);
}

RecordPages ChromaCollection::pages() const {
  return pages(GetRequest());
}
RecordPages ChromaCollection::pages(GetRequest request) const {
  return pages(std::move(request), PageOptions());
}
RecordPages ChromaCollection::pages(GetRequest request, PageOptions options) const {
  request.validate();
  return RecordPages(std::make_shared<bulk::RecordPager>(*this, std::move(request), std::move(options)));
}

CollectionPages ChromaHttpClient::collection_pages() const {
  return collection_pages(PageOptions());
}
CollectionPages ChromaHttpClient::collection_pages(PageOptions options) const {
  if (options.mode != PageMode::Offset) {
    bulk::refuse("mode", "the collections of a database can be paged by offset alone");
  }
  return CollectionPages(std::make_shared<bulk::CollectionPager>(*this, std::move(options)));
}

}  // namespace chroma

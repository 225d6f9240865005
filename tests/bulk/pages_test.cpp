// Pages against a mock server.
#include "client/fixture.hpp"

#include <chroma/pages.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace chroma::test {
namespace {

/// Responds to get by ids, limit and offset from a list of ids.
class Shelf {
 public:
  Reply operator()(const Received& request) {
    const std::lock_guard lock(mutex);
    const auto body = nlohmann::json::parse(request.body);
    if (refuse_above > 0 && !body["limit"].is_null() && body["limit"] > refuse_above) {
      return Reply(
          422,
          R"({"error":"ChromaError","message":"Quota exceeded: 'Limit value' exceeded quota limit for action 'Get': current usage of 1000 exceeds limit of )" +
              std::to_string(refuse_above) + "\"}");
    }
    auto found = nlohmann::json::array();
    if (body["ids"].is_array()) {
      for (const auto& id : body["ids"]) {
        if (std::ranges::find(ids, id.get<std::string>()) != ids.end()) found.push_back(id);
      }
    } else {
      const std::size_t offset = body["offset"];
      const std::size_t limit = std::min(body["limit"].get<std::size_t>(), give_at_most);
      for (std::size_t i = offset; i < ids.size() && found.size() < limit; ++i) found.push_back(ids[i]);
    }
    return Reply(200, nlohmann::json{{"ids", found}, {"include", nlohmann::json::array()}}.dump());
  }

  std::mutex mutex;
  std::vector<std::string> ids;
  std::size_t give_at_most = 1'000'000;
  std::size_t refuse_above = 0;
};

class Paging : public ClientTest {
 protected:
  ~Paging() override { const std::lock_guard lock(shelf.mutex); }

  ChromaCollection open(std::size_t rows) {
    auto handle = collection();
    for (std::size_t i = 0; i < rows; ++i) shelf.ids.push_back("id" + std::to_string(i));
    server.respond([this](const Received& request) { return shelf(request); });
    return handle;
  }
  std::vector<std::string> read(RecordPages pages) {
    std::vector<std::string> ids;
    while (run(pages.next())) {
      for (const auto row : std::as_const(pages.page()).rows()) ids.emplace_back(row.id);
    }
    return ids;
  }

  Shelf shelf;
};

TEST_F(Paging, ReadsAllInEachModeWithAndWithoutPrefetch) {
  const auto handle = open(2500);
  for (const auto mode : {PageMode::Offset, PageMode::SnapshotIds}) {
    for (const std::size_t prefetch : {0U, 1U}) {
      PageOptions options;
      options.mode = mode;
      options.prefetch = prefetch;
      options.page_size = 700;
      EXPECT_EQ(read(handle.pages(GetRequest(), options)), shelf.ids);
    }
  }
}

TEST_F(Paging, AShorterPageIsNotTheEnd) {
  const auto handle = open(1000);
  const auto limit = [&](std::size_t give_at_most, std::size_t refuse_above) {
    const std::lock_guard lock(shelf.mutex);
    shelf.give_at_most = give_at_most;
    shelf.refuse_above = refuse_above;
  };
  limit(300, 0);
  EXPECT_EQ(read(handle.pages()), shelf.ids);
  limit(1'000'000, 300);
  EXPECT_EQ(read(handle.pages()), shelf.ids);
}

TEST_F(Paging, KeepsToOffsetLimitAndPosition) {
  const auto handle = open(100);
  PageOptions options;
  options.page_size = 7;
  const auto some = read(handle.pages(GetRequest().offset(10).limit(20), options));
  EXPECT_EQ(some, std::vector<std::string>(shelf.ids.begin() + 10, shelf.ids.begin() + 30));
  auto pages = handle.pages(GetRequest(), options);
  ASSERT_TRUE(run(pages.next()));
  ASSERT_TRUE(run(pages.next()));
  EXPECT_EQ(pages.position(), 14U);
  pages.seek(98);
  ASSERT_TRUE(run(pages.next()));
  EXPECT_EQ(pages.page().ids, (std::vector<std::string>{"id98", "id99"}));
  EXPECT_FALSE(run(pages.next()));
  EXPECT_FALSE(run(pages.next()));
}

TEST_F(Paging, ASnapshotMissesNothingWhileRecordsAreDeleted) {
  const auto handle = open(100);
  PageOptions options;
  options.mode = PageMode::SnapshotIds;
  options.page_size = 10;
  auto pages = handle.pages(GetRequest(), options);
  std::vector<std::string> seen;
  while (run(pages.next())) {
    seen.insert(seen.end(), pages.page().ids.begin(), pages.page().ids.end());
    const std::lock_guard lock(shelf.mutex);
    if (seen.size() == 10) shelf.ids.erase(shelf.ids.begin(), shelf.ids.begin() + 50);
  }
  for (std::size_t i = 50; i < 100; ++i) {
    EXPECT_EQ(std::ranges::count(seen, "id" + std::to_string(i)), 1);
  }
}

TEST_F(Paging, AnErrorIsThrownAndTheNextCallAsksAgain) {
  const auto handle = open(10);
  auto pages = handle.pages();
  server.respond(Reply(400, R"({"error":"E","message":"no"})"));
  EXPECT_EQ(fail(pages.next()).status(), 400);
  server.respond([this](const Received& request) { return shelf(request); });
  EXPECT_TRUE(run(pages.next()));
}

TEST_F(Paging, ACancelledCallAfterASeekDoesNotRequestTwoPagesAtOnce) {
  const auto handle = open(100);
  std::atomic<bool> hold = false;
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  server.respond_side_by_side([&](const Received& request) {
    if (!request.target.ends_with("/get")) return Reply(200, R"({"nanosecond heartbeat":1})");
    most = std::max(most.load(), ++running);
    while (hold) std::this_thread::yield();
    auto reply = shelf(request);
    --running;
    return reply;
  });
  PageOptions options;
  options.page_size = 10;
  options.prefetch = 0;
  auto pages = handle.pages(GetRequest(), options);
  hold = true;
  const auto cancel_next = [&] {
    boost::asio::cancellation_signal signal;
    std::promise<bool> failed;
    auto waiting = pages.next();
    boost::asio::co_spawn(
        runtime.executor(), std::move(waiting),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr failure, bool) { failed.set_value(failure != nullptr); }));
    boost::asio::post(runtime.executor(), [&] { signal.emit(boost::asio::cancellation_type::terminal); });
    EXPECT_TRUE(failed.get_future().get());
  };
  cancel_next();
  while (running == 0) std::this_thread::yield();
  pages.seek(50);
  cancel_next();
  for (int i = 0; i < 20; ++i) static_cast<void>(run(client().heartbeat()));  // A second page would arrive.
  hold = false;
  ASSERT_TRUE(run(pages.next()));
  EXPECT_EQ(pages.page().ids.front(), "id50");
  EXPECT_EQ(most, 1);
}

TEST_F(Paging, CallsBackForEachRow) {
  const auto handle = open(20);
  std::vector<std::string> seen;
  const auto keep = [&](const Row& row) { seen.emplace_back(row.id); };
  run(for_each_row(handle, GetRequest(), keep));
  EXPECT_EQ(seen, shelf.ids);
  int left = 5;
  const auto five = [&](const Row&) { return --left > 0; };
  run(for_each_row(handle, GetRequest(), five));
  EXPECT_EQ(left, 0);
  const auto throwing = [](const Row&) { throw std::out_of_range("mine"); };
  EXPECT_THROW(run(for_each_row(handle, GetRequest(), throwing)), std::out_of_range);
}

TEST_F(Paging, AServerThatIgnoresTheOffsetEndsInAnError) {
  const auto handle = collection();
  server.respond([](const Received& request) {
    const bool is_get = request.target.ends_with("/get");
    return Reply(200, is_get ? R"({"ids":["a","b"],"include":[]})" : "[" + collection_json() + "]");
  });
  const auto read_to_end = [&](auto pages) {
    std::size_t read = 0;
    for (;;) {
      const auto next = run(as_result(pages.next()));
      if (!next.has_value()) {
        EXPECT_TRUE(next.error().template is<SerdeError>()) << next.error().what();
        EXPECT_NE(std::string(next.error().what()).find("ignores the offset"), std::string::npos);
        EXPECT_TRUE(fail(pages.next()).template is<SerdeError>());
        pages.seek(0);
        EXPECT_TRUE(run(pages.next()));
        return read;
      }
      EXPECT_TRUE(*next);
      ++read;
    }
  };
  EXPECT_EQ(read_to_end(handle.pages()), 3U);
  EXPECT_EQ(read_to_end(client().collection_pages()), 1U);
  PageOptions options;
  options.mode = PageMode::SnapshotIds;
  auto snapshot = handle.pages(GetRequest(), options);
  const auto error = fail(snapshot.next());
  EXPECT_TRUE(error.is<SerdeError>());
  EXPECT_EQ(error.operation(), "collection_get");
}

TEST_F(Paging, UnreadableCollectionsAreNotTheEnd) {
  // Every response has at most two of these items; the second and the third page have unreadable ones alone.
  std::vector<std::string> items(8);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i] = collection_json("c" + std::to_string(i));
    items[i].replace(items[i].find(collection_id), 1, std::to_string(i));
    if (i >= 2 && i < 6) items[i] = R"({"id":)" + std::to_string(i) + "}";
  }
  server.respond([&](const Received& request) {
    const std::string key = "offset=";
    const auto offset = std::stoul(request.target.substr(request.target.find(key) + key.size()));
    std::string page;
    for (std::size_t i = offset; i < std::min(items.size(), offset + 2); ++i) {
      page += (page.empty() ? "" : ",") + items[i];
    }
    return Reply(200, "[" + page + "]");
  });
  auto pages = client().collection_pages();
  std::string seen;
  while (run(pages.next())) {
    for (const auto& each : pages.page()) seen += each.name();
  }
  EXPECT_EQ(seen, "c0c1c6c7");
  EXPECT_EQ(pages.position(), 8U);
  EXPECT_EQ(run(client().list_collections()).size(), 4U);
}

TEST_F(Paging, MovedFromObjectsAreEmptyHandles) {
  const auto handle = open(1);
  const auto check = [this](auto from) {
    auto target = std::move(from);
    // NOLINTBEGIN(bugprone-use-after-move): this is what is tested.
    EXPECT_TRUE(fail(from.next()).template is<ValidationError>());
    EXPECT_THROW(static_cast<void>(from.page()), ChromaHttpClientError);
    EXPECT_THROW(static_cast<void>(from.position()), ChromaHttpClientError);
    EXPECT_THROW(from.seek(0), ChromaHttpClientError);
    from = target;
    // NOLINTEND(bugprone-use-after-move)
    EXPECT_EQ(from.position(), 0U);
  };
  check(handle.pages());
  check(client().collection_pages());
  auto from = client();
  const auto target = std::move(from);
  EXPECT_THROW(static_cast<void>(from.collection_pages()), ChromaHttpClientError);  // NOLINT
}

TEST_F(Paging, PagesCollectionsWithoutRepeats) {
  shelf.ids = {"a", "b", "c", "d", "e"};
  server.respond([this](const Received& request) {
    const std::lock_guard lock(shelf.mutex);
    auto& names = shelf.ids;
    const auto number = [&](const std::string& key) {
      return std::stoul(request.target.substr(request.target.find(key) + key.size()));
    };
    const auto offset = number("offset=");
    const auto limit = number("limit=");
    std::string items;
    for (std::size_t i = offset; i < std::min(names.size(), offset + limit); ++i) {
      auto item = collection_json(names[i]);
      item.replace(item.find(collection_id), 1, names[i]);
      items += (items.empty() ? "" : ",") + item;
    }
    if (offset == 2) names.insert(names.begin(), "z");  // Every later collection comes once more.
    return Reply(200, "[" + items + "]");
  });
  PageOptions options;
  options.page_size = 2;
  auto pages = client().collection_pages(options);
  std::string seen;
  while (run(pages.next())) {
    for (const auto& each : pages.page()) seen += each.name();
  }
  EXPECT_EQ(seen, "abcde");
  options.mode = PageMode::SnapshotIds;
  EXPECT_THROW(static_cast<void>(client().collection_pages(options)), ChromaHttpClientError);
}

}  // namespace
}  // namespace chroma::test

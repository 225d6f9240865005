// The bulk writer against a mock server.
#include "bulk/writer.hpp"

#include "bulk/store.hpp"
#include "client/fixture.hpp"

#include <chroma/bulk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

namespace chroma::test {
namespace {

using namespace std::chrono_literals;

class BulkWriting : public ClientTest {
 protected:
  ~BulkWriting() override { const std::lock_guard lock(store.mutex); }

  ChromaCollection open() {
    auto handle = collection();
    server.respond_side_by_side([this](const Received& request) { return store(request); });
    return handle;
  }
  static BulkRecord record(int number) {
    return BulkRecord("id" + std::to_string(number), {float(number), 1.0F})
        .document("d" + std::to_string(number));
  }
  BulkReport load(BulkOptions options, int rows) {
    BulkWriter writer(open(), std::move(options));
    for (int i = 0; i < rows; ++i) run(writer.write(record(i)));
    return run(writer.finish());
  }

  Store store;
};

TEST_F(BulkWriting, StoresAllFromAPlainThread) {
  const auto report = load(quick(), 1000);
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.progress.stored, 1000U);
  EXPECT_EQ(store.stored().size(), 1000U);
  EXPECT_EQ(store.stored().at("id7"), "d7");
  EXPECT_FALSE(report.stopped);
}

TEST_F(BulkWriting, TellsEachOutcomeOnceInBytesThatWereSent) {
  std::multiset<std::string> told;
  std::size_t bytes = 0;
  auto options = quick();
  options.on_batch = [&](const BatchOutcome& outcome) {
    EXPECT_EQ(outcome.outcome, RowOutcome::Stored);
    EXPECT_TRUE(outcome.records.empty());
    told.insert(outcome.ids.begin(), outcome.ids.end());
    bytes += outcome.bytes;
  };
  const auto report = load(options, 600);
  EXPECT_EQ(told.size(), 600U);
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 600U);
  std::size_t sent = 0;
  for (const auto& request : server.received()) {
    if (request.target.ends_with("/upsert")) sent += request.body.size();
  }
  EXPECT_EQ(bytes, sent);
  EXPECT_EQ(report.progress.bytes, sent);
}

TEST_F(BulkWriting, WritesBlocksOfColumns) {
  BulkWriter writer(open(), quick());
  std::vector<std::string> ids;
  std::vector<std::string> documents;
  for (int i = 0; i < 900; ++i) {
    ids.push_back(std::to_string(i));
    documents.push_back("text " + std::to_string(i));
  }
  run(writer.write(UpsertRequest(ids, Embeddings(std::vector<float>(1800, 0.5F), 2)).documents(documents),
                   10));
  const auto report = run(writer.finish());
  EXPECT_EQ(report.progress.stored, 900U);
  EXPECT_EQ(store.stored().at("899"), "text 899");
  const auto failure = fail(writer.write(record(1)));
  EXPECT_TRUE(failure.is<ValidationError>());
}

TEST_F(BulkWriting, HandsBackFailedRecordsWithTheirEmbeddings) {
  store.set_refusal([](const nlohmann::json& body) -> std::optional<Reply> {
    for (const auto& id : body["ids"]) {
      if (id == "id13") return Reply(400, R"({"error":"ValidationError","message":"id13 is unlucky"})");
    }
    return std::nullopt;
  });
  const auto report = load(quick(), 100);
  EXPECT_EQ(report.progress.stored, 99U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_EQ(report.failed[0].record, record(13).position(13));
  EXPECT_EQ(report.failed[0].error.status(), 400);
  store.set_refusal(nullptr);
  BulkWriter again(open(), quick());
  run(again.write(report.failed[0].record));
  EXPECT_TRUE(run(again.finish()).complete());
  EXPECT_EQ(store.stored().size(), 100U);
}

TEST_F(BulkWriting, PassesServerFaultsAndStopsAtRefusals) {
  std::atomic<int> faults = 5;
  store.set_refusal([&](const nlohmann::json&) -> std::optional<Reply> {
    if (faults-- > 0) return Reply(503, "{}");
    return std::nullopt;
  });
  EXPECT_TRUE(load(quick(), 100).complete());
  store.set_refusal([](const nlohmann::json&) { return Reply(403, R"({"error":"E","message":"no"})"); });
  BulkWriter writer(open(), quick());
  run(writer.write(record(1)));
  run(writer.flush());
  EXPECT_EQ(fail(writer.write(record(2))).status(), 403);
  const auto report = run(writer.finish());
  ASSERT_TRUE(report.stopped);
  EXPECT_EQ(report.stopped->status(), 403);
  EXPECT_FALSE(report.complete());
}

TEST_F(BulkWriting, WaitsWhileTheBufferIsFull) {
  std::atomic<bool> hold = true;
  store.set_refusal([&](const nlohmann::json&) -> std::optional<Reply> {
    while (hold) std::this_thread::yield();
    return std::nullopt;
  });
  auto options = quick();
  options.max_buffered_bytes = 20'000;
  BulkWriter writer(open(), options);
  std::atomic<int> written = 0;
  const auto produce = [&]() -> boost::asio::awaitable<void> {
    for (int i = 0; i < 1000; ++i) {
      auto one = record(i);
      co_await writer.write(std::move(one));
      ++written;
    }
  };
  auto produced = boost::asio::co_spawn(runtime.executor(), produce(), boost::asio::use_future);
  while (writer.progress().in_flight == 0) std::this_thread::yield();
  while (writer.progress().buffered_bytes < 20'000) std::this_thread::yield();
  EXPECT_LT(written, 200);
  hold = false;
  produced.get();
  EXPECT_EQ(run(writer.finish()).progress.stored, 1000U);
}

TEST_F(BulkWriting, ACallbackThatThrowsStopsTheWriter) {
  auto options = quick();
  options.on_batch = [](const BatchOutcome&) { throw std::out_of_range("mine"); };
  BulkWriter writer(open(), options);
  run(writer.write(record(1)));
  EXPECT_THROW(run(writer.finish()), std::out_of_range);
  EXPECT_EQ(run(writer.finish()).progress.stored, 1U);
}

TEST_F(BulkWriting, AbortFromACallbackLeavesEachRowWithAnOutcome) {
  BulkWriter* self = nullptr;
  std::size_t told = 0;
  auto options = quick();
  options.limits = BulkLimits::custom(10, 1 << 20);
  options.on_batch = [&](const BatchOutcome& outcome) {
    told += outcome.rows;
    self->abort();
  };
  BulkWriter writer(open(), options);
  self = &writer;
  int given = 0;
  while (given < 500 && run(as_result(writer.write(record(given)))).has_value()) ++given;
  const auto report = run(writer.finish());
  EXPECT_EQ(told, static_cast<std::size_t>(given));
  EXPECT_EQ(report.progress.stored + report.progress.not_sent + report.progress.failed, std::uint64_t(given));
  EXPECT_TRUE(report.stopped);
}

TEST_F(BulkWriting, ResumesFromItsCheckpoint) {
  const auto path = (std::filesystem::temp_directory_path() / "chroma_bulk_writer_test.json").string();
  std::filesystem::remove(path);
  auto options = quick();
  options.checkpoint.emplace(path);
  options.checkpoint->source = "numbers";
  options.checkpoint->interval = 0ms;
  {
    BulkWriter writer(open(), options);
    EXPECT_EQ(writer.resume_position(), 0U);
    for (int i = 0; i < 300; ++i) run(writer.write(record(i).position(std::uint64_t(i) * 10)));
    run(writer.finish());
  }
  BulkWriter writer(open(), options);
  EXPECT_EQ(writer.resume_position(), 2991U);
  for (int i = 0; i < 310; ++i) run(writer.write(record(i).position(std::uint64_t(i) * 10)));
  const auto report = run(writer.finish());
  EXPECT_EQ(report.progress.skipped, 300U);
  EXPECT_EQ(report.progress.stored, 10U);
  options.checkpoint->source = "others";
  BulkWriter other(open(), options);
  other.abort();
  EXPECT_TRUE(fail(other.write(record(1))).is<ValidationError>());
  std::filesystem::remove(path);
}

TEST_F(BulkWriting, FinishWritesACheckpointThatCouldNotBeWrittenBefore) {
  const auto folder = std::filesystem::temp_directory_path() / "chroma_bulk_checkpoint_folder";
  std::filesystem::remove_all(folder);
  auto options = quick();
  options.checkpoint.emplace((folder / "checkpoint").string());
  options.checkpoint->interval = 0ms;
  BulkWriter writer(open(), options);
  run(writer.write(record(1)));
  run(writer.flush());
  std::filesystem::create_directory(folder);
  EXPECT_EQ(run(writer.finish()).checkpoint_fault, std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(options.checkpoint->path));
  std::filesystem::remove_all(folder);
}

TEST_F(BulkWriting, ACheckpointOfTheLongestIntervalIsWrittenAtTheEndAlone) {
  const auto path = (std::filesystem::temp_directory_path() / "chroma_bulk_longest_interval").string();
  std::filesystem::remove(path);
  auto options = quick();
  options.checkpoint.emplace(path);
  options.checkpoint->interval = std::chrono::milliseconds::max();
  BulkWriter writer(open(), options);
  for (int i = 0; i < 10; ++i) run(writer.write(record(i)));
  run(writer.flush());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(run(writer.finish()).complete());
  EXPECT_TRUE(std::filesystem::remove(path));
}

TEST_F(BulkWriting, AMovedFromWriterIsAnEmptyHandle) {
  BulkWriter from(open(), quick());
  auto target = std::move(from);
  const std::vector<std::string> ids = {"a"};
  const UpsertRequest block(ids, {{1.0F, 2.0F}});
  // NOLINTBEGIN(bugprone-use-after-move): this is what is tested.
  EXPECT_TRUE(fail(from.write(record(0))).is<ValidationError>());
  EXPECT_TRUE(fail(from.write(block)).is<ValidationError>());
  EXPECT_TRUE(fail(from.write(block, 7)).is<ValidationError>());
  EXPECT_TRUE(fail(from.flush()).is<ValidationError>());
  EXPECT_TRUE(fail(from.finish()).is<ValidationError>());
  EXPECT_THROW(from.abort(), ChromaHttpClientError);
  EXPECT_THROW(static_cast<void>(from.progress()), ChromaHttpClientError);
  EXPECT_THROW(static_cast<void>(from.resume_position()), ChromaHttpClientError);
  from = std::move(target);
  // NOLINTEND(bugprone-use-after-move)
  run(from.write(record(0)));
  EXPECT_EQ(run(from.finish()).progress.stored, 1U);
}

TEST_F(BulkWriting, DestructionAtAnyPointIsSafe) {
  for (int rows : {0, 1, 100, 600}) {
    auto writer = std::make_unique<BulkWriter>(open(), quick());
    for (int i = 0; i < rows; ++i) run(writer->write(record(i)));
    auto waiting =
        boost::asio::co_spawn(runtime.executor(), as_result(writer->flush()), boost::asio::use_future);
    writer.reset();
    static_cast<void>(waiting.get());
  }
}

TEST_F(BulkWriting, DestructionWaitsForARunningCallback) {
  std::atomic<bool> entered = false;
  std::atomic<bool> left = false;
  auto options = quick();
  options.on_batch = [&](const BatchOutcome&) {
    entered = true;
    for (int i = 0; i < 10'000; ++i) std::this_thread::yield();
    left = true;
  };
  auto writer = std::make_unique<BulkWriter>(open(), options);
  run(writer->write(record(1)));
  while (!entered) std::this_thread::yield();
  writer.reset();
  EXPECT_TRUE(left);
}

TEST_F(BulkWriting, ACallbackMayDestroyTheWriter) {
  std::unique_ptr<BulkWriter> writer;
  std::promise<void> called;
  auto options = quick();
  options.on_batch = [&](const BatchOutcome&) {
    writer.reset();
    called.set_value();
  };
  writer = std::make_unique<BulkWriter>(open(), options);
  run(writer->write(record(1)));
  called.get_future().get();
  EXPECT_EQ(writer, nullptr);
}

TEST_F(BulkWriting, RunsOnAPoolWithManyProducers) {
  boost::asio::thread_pool pool(4);
  {
    auto options = options_for(server);
    const ChromaHttpClient pooled(pool.get_executor(), options);
    const auto handle = collection(pooled);
    server.respond_side_by_side([this](const Received& request) { return store(request); });
    auto bulk = quick();
    bulk.max_buffered_bytes = 100'000;
    std::atomic<std::size_t> told = 0;
    std::atomic<int> running = 0;
    bulk.on_batch = [&](const BatchOutcome& outcome) {
      EXPECT_EQ(running++, 0);
      for (int i = 0; i < 10; ++i) std::this_thread::yield();  // A slow callback.
      told += outcome.rows;
      --running;
    };
    BulkWriter writer(handle, bulk);
    std::vector<std::future<void>> producers;
    const auto produce = [&](int first) -> boost::asio::awaitable<void> {
      for (int i = 0; i < 500; ++i) {
        auto one = record(first + i % 400);
        co_await writer.write(std::move(one));
        if (i % 100 == 99) co_await writer.flush();
      }
    };
    for (int i = 0; i < 4; ++i) {
      producers.push_back(boost::asio::co_spawn(pool, produce(i * 1000), boost::asio::use_future));
    }
    for (auto& producer : producers) producer.get();
    const auto report = boost::asio::co_spawn(pool, writer.finish(), boost::asio::use_future).get();
    EXPECT_EQ(report.progress.stored, 2000U);
    EXPECT_EQ(told, 2000U);
    EXPECT_EQ(store.stored().size(), 1600U);
  }
  pool.join();
}

/// Stores everything at once.
class InstantSink : public bulk::Sink {
 public:
  explicit InstantSink(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  boost::asio::any_io_executor executor() const override { return executor_; }
  std::string collection_id() const override { return "c"; }
  void warn(std::string_view) const override {}
  boost::asio::awaitable<bulk::Target> describe() override { co_return bulk::Target(); }
  boost::asio::awaitable<void> send(std::shared_ptr<const bulk::Batch>) override { co_return; }
  bool makes_sparse_vectors() const override { return false; }
  std::optional<ChromaHttpClientError> embedding_function_fault() const override { return std::nullopt; }
  boost::asio::awaitable<bulk::Vectors> embed(std::shared_ptr<const bulk::Batch>) override {
    co_return bulk::Vectors();
  }

 private:
  boost::asio::any_io_executor executor_;
};

TEST(BulkLoop, RequestsRunWhileALoopOnTheirThreadWrites) {
  boost::asio::io_context context;
  const auto writer =
      std::make_shared<bulk::Writer>(std::make_shared<InstantSink>(context.get_executor()), BulkOptions());
  std::uint64_t stored = 0;
  const auto produce = [&]() -> boost::asio::awaitable<void> {
    for (int i = 0; i < 1000; ++i) {
      bulk::Rows rows;
      rows.emplace_back(BulkRecord(std::to_string(i), {1.0F}));
      co_await writer->write(std::move(rows), std::nullopt);
    }
    stored = writer->progress().stored;
    static_cast<void>(co_await writer->finish());
  };
  boost::asio::co_spawn(context, produce(), boost::asio::detached);
  context.run();
  EXPECT_GE(stored, 500U);
}

TEST_F(BulkWriting, TakesASource) {
  struct Numbers {
    boost::asio::awaitable<std::optional<BulkRecord>> next() {
      if (at == 50) co_return std::nullopt;
      co_return record(at++);
    }
    int at = 0;
  };
  EXPECT_EQ(run(bulk_upsert(open(), Numbers(), quick())).progress.stored, 50U);
}

TEST_F(BulkWriting, RefusesBadOptionsAndEmptyHandles) {
  EXPECT_THROW(BulkWriter(ChromaCollection(), quick()), ChromaHttpClientError);
  auto options = quick();
  options.concurrency = 0;
  EXPECT_THROW(BulkWriter(collection(), options), ChromaHttpClientError);
}

}  // namespace
}  // namespace chroma::test

// The bulk writer with embedding functions, against a mock server.
#include "bulk/store.hpp"
#include "client/fixture.hpp"

#include <chroma/bulk.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace chroma::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// An embedding function that counts how often it embeds each text. The embedding of "d7" is (7, 1).
class Model {
 public:
  Embeddings embed(const std::vector<std::string>& texts) {
    std::vector<std::vector<float>> rows;
    const std::lock_guard lock(mutex_);
    ++calls_;
    for (const auto& text : texts) {
      ++counts_[text];
      rows.push_back({std::stof(text.substr(1)), 1.0F});
    }
    return Embeddings(std::move(rows));
  }
  std::shared_ptr<const embed::DenseEmbeddingFunction> function() {
    return embed::dense([this](const std::vector<std::string>& texts) { return embed(texts); });
  }
  std::map<std::string, int> counts() {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  int calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  int most() {
    int most = 0;
    for (const auto& [text, count] : counts()) most = std::max(most, count);
    return most;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
  int calls_ = 0;
};

/// Lets coroutines through when it is opened, without a thread that waits.
class Gate {
 public:
  asio::awaitable<void> pass() {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    ++waiting;
    while (!open) co_await asio::post(executor, asio::use_awaitable);
  }
  std::atomic<int> waiting = 0;
  std::atomic<bool> open = false;
};

class BulkEmbedding : public ClientTest {
 protected:
  ~BulkEmbedding() override { const std::lock_guard lock(store.mutex); }

  ChromaCollection open(std::shared_ptr<const embed::DenseEmbeddingFunction> function) {
    auto handle = collection();
    handle.set_embedding_function(std::move(function));
    server.respond_side_by_side([this](const Received& request) { return store(request); });
    return handle;
  }
  static BulkRecord text(int number) {
    return BulkRecord("id" + std::to_string(number)).document("d" + std::to_string(number));
  }
  static BulkOptions options() {
    auto options = quick();
    options.embedding_rows = 20;
    return options;
  }
  BulkReport load(const ChromaCollection& handle, BulkOptions options, int rows) {
    BulkWriter writer(handle, std::move(options));
    // A writer that has stopped takes no more records.
    for (int i = 0; i < rows && run(as_result(writer.write(text(i)))).has_value(); ++i) continue;
    return run(writer.finish());
  }

  Store store;
  Model model;
};

TEST_F(BulkEmbedding, EmbedsDocumentsOnTheWay) {
  std::atomic<int> faults = 3;
  std::atomic<int> bad = 0;
  store.set_refusal([&](const nlohmann::json& body) -> std::optional<Reply> {
    if (faults-- > 0) return Reply(503, "{}");
    if (!body["embeddings"].is_array()) ++bad;
    return std::nullopt;
  });
  const auto report = load(open(model.function()), options(), 500);
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.progress.embedded, 500U);
  EXPECT_EQ(store.stored().size(), 500U);
  EXPECT_EQ(model.counts().size(), 500U);
  EXPECT_EQ(model.most(), 1);
  EXPECT_EQ(bad, 0);
}

TEST_F(BulkEmbedding, EmbedsWhileOtherRecordsAreStored) {
  // The second call of the function ends when a request has arrived; its response is sent when the call runs.
  std::atomic<int> calls = 0;
  std::atomic<bool> arrived = false;
  store.set_refusal([&](const nlohmann::json&) -> std::optional<Reply> {
    arrived = true;
    while (calls < 2) std::this_thread::yield();
    return std::nullopt;
  });
  const auto slow = [&](std::vector<std::string> texts) -> asio::awaitable<Embeddings> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    if (++calls == 2) {
      while (!arrived) co_await asio::post(executor, asio::use_awaitable);
    }
    co_return model.embed(texts);
  };
  auto bulk = options();
  bulk.limits = BulkLimits::custom(20, 1 << 20);
  bulk.embedding_concurrency = 1;
  bulk.flush_interval = 0ms;  // Each call has exactly `embedding_rows` texts.
  const auto report = load(open(embed::dense(slow)), bulk, 60);
  EXPECT_EQ(report.progress.stored, 60U);
  EXPECT_EQ(calls, 3);
}

TEST_F(BulkEmbedding, RefusedRecordsAreReturnedWithTheirEmbeddings) {
  store.set_refusal([](const nlohmann::json& body) -> std::optional<Reply> {
    for (const auto& id : body["ids"]) {
      if (id == "id13") return Reply(400, R"({"error":"ValidationError","message":"id13 is unlucky"})");
    }
    return std::nullopt;
  });
  const auto handle = open(model.function());
  const auto report = load(handle, options(), 100);
  EXPECT_EQ(report.progress.stored, 99U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_EQ(report.failed[0].record, text(13).embedding(std::vector<float>{13.0F, 1.0F}).position(13));
  EXPECT_EQ(report.failed[0].error.status(), 400);
  store.set_refusal(nullptr);
  BulkWriter again(handle, options());
  run(again.write(report.failed[0].record));
  EXPECT_TRUE(run(again.finish()).complete());
  EXPECT_EQ(model.most(), 1);
}

TEST_F(BulkEmbedding, BlocksOfColumnsAreEmbedded) {
  BulkWriter writer(open(model.function()), options());
  std::vector<std::string> ids;
  std::vector<std::string> documents;
  for (int i = 0; i < 90; ++i) {
    ids.push_back(std::to_string(i));
    documents.push_back("d" + std::to_string(i));
  }
  run(writer.write(UpsertRequest(ids).documents(documents)));
  EXPECT_EQ(run(writer.finish()).progress.embedded, 90U);
  EXPECT_EQ(store.stored().at("89"), "d89");
}

TEST_F(BulkEmbedding, ATextAtWhichTheFunctionThrowsFailsAlone) {
  const auto picky = [&](const std::vector<std::string>& texts) {
    for (const auto& one : texts) {
      if (one == "d31") throw std::runtime_error("I do not know d31");
    }
    return model.embed(texts);
  };
  const auto report = load(open(embed::dense(picky)), options(), 60);
  EXPECT_EQ(report.progress.stored, 59U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_EQ(report.failed[0].record.id(), "id31");
  EXPECT_EQ(report.failed[0].error.get_if<EmbeddingFunctionError>()->message, "I do not know d31");
  EXPECT_EQ(model.most(), 1);
}

TEST_F(BulkEmbedding, AnInvalidTextFailsAlone) {
  BulkWriter writer(open(model.function()), options());
  for (int i = 0; i < 20; ++i) run(writer.write(text(i)));
  run(writer.write(BulkRecord("bad").document("\xff\xfe")));
  const auto report = run(writer.finish());
  EXPECT_EQ(report.progress.stored, 20U);
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_TRUE(report.failed[0].error.is<ValidationError>());
}

TEST_F(BulkEmbedding, AFunctionThatIsDownStopsTheWriter) {
  std::atomic<int> calls = 0;
  const auto broken = [&](const std::vector<std::string>&) -> Embeddings {
    ++calls;
    throw std::runtime_error("out of order");
  };
  const auto report = load(open(embed::dense(broken)), options(), 40);
  EXPECT_LE(calls, 17);
  EXPECT_EQ(report.progress.stored, 0U);
  ASSERT_TRUE(report.stopped);
  EXPECT_EQ(report.stopped->get_if<EmbeddingFunctionError>()->message, "out of order");
  EXPECT_EQ(report.progress.failed + report.progress.not_sent, report.progress.given);
}

TEST_F(BulkEmbedding, WithoutAFunctionRecordsAreRefusedByName) {
  const auto report = load(open(nullptr), options(), 2);
  EXPECT_EQ(report.progress.failed, 2U);
  ASSERT_EQ(report.failed.size(), 2U);
  EXPECT_EQ(report.failed[0].error.get_if<ValidationError>()->field, "embedding");
}

TEST_F(BulkEmbedding, SparseFunctionsOfTheSchemaAreNotCalledAgain) {
  std::atomic<int> texts_embedded = 0;
  auto client_options = options_for(server);
  client_options.embedding_functions.add_sparse(
      "words", [&](const EmbeddingFunctionConfiguration&, const embed::FactoryContext&) {
        return embed::sparse([&](const std::vector<std::string>& texts) {
          texts_embedded += static_cast<int>(texts.size());
          return std::vector<SparseVector>(texts.size(), SparseVector({1}, {0.5F}));
        });
      });
  const ChromaHttpClient from(runtime.executor(), client_options);
  server.respond(
      Reply(200, collection_json("abc", R"(,"schema":{"defaults":{},"keys":{"words":{"sparse_vector":
    {"sparse_vector_index":{"enabled":true,"config":{"source_key":"#document",
    "embedding_function":{"type":"known","name":"words","config":{}}}}}}}})")));
  auto handle = run(from.get_collection("abc"));
  handle.set_embedding_function(model.function());
  std::atomic<int> faults = 3;
  std::atomic<int> without = 0;
  store.set_refusal([&](const nlohmann::json& body) -> std::optional<Reply> {
    for (const auto& metadata : body["metadatas"]) without += metadata.contains("words") ? 0 : 1;
    if (faults-- > 0) return Reply(503, "{}");
    return std::nullopt;
  });
  server.respond_side_by_side([this](const Received& request) { return store(request); });
  BulkWriter writer(handle, options());
  for (int i = 0; i < 50; ++i) {
    auto record = text(i);
    if (i % 2 == 0) record.embedding(std::vector<float>{1.0F, 2.0F});
    run(writer.write(std::move(record)));
  }
  EXPECT_EQ(run(writer.finish()).progress.stored, 50U);
  EXPECT_EQ(texts_embedded, 50);
  EXPECT_EQ(model.counts().size(), 25U);
  EXPECT_EQ(without, 0);
}

TEST_F(BulkEmbedding, AbortReturnsRecordsWithTheEmbeddingsThatWereMade) {
  Gate gate;
  const auto slow = [&](std::vector<std::string> texts) -> asio::awaitable<Embeddings> {
    co_await gate.pass();
    co_return model.embed(texts);
  };
  auto bulk = options();
  bulk.embedding_concurrency = 1;
  bulk.flush_interval = 0ms;  // Each call has exactly `embedding_rows` texts.
  BulkWriter writer(open(embed::dense(slow)), bulk);
  for (int i = 0; i < 50; ++i) run(writer.write(text(i)));
  while (gate.waiting == 0) std::this_thread::yield();
  writer.abort();
  auto finished = asio::co_spawn(runtime.executor(), writer.finish(), asio::use_future);
  gate.open = true;
  const auto report = finished.get();
  EXPECT_EQ(report.progress.not_sent, 50U);
  ASSERT_EQ(report.failed.size(), 50U);
  int with_embedding = 0;
  for (const auto& failed : report.failed) with_embedding += failed.record.embedding() ? 1 : 0;
  EXPECT_EQ(with_embedding, 20);
  EXPECT_EQ(model.calls(), 1);
}

TEST_F(BulkEmbedding, ACancelledFinishMayBeCalledAgain) {
  Gate gate;
  const auto slow = [&](std::vector<std::string> texts) -> asio::awaitable<Embeddings> {
    co_await gate.pass();
    co_return model.embed(texts);
  };
  BulkWriter writer(open(embed::dense(slow)), options());
  for (int i = 0; i < 30; ++i) run(writer.write(text(i)));
  asio::cancellation_signal signal;
  std::promise<void> ended;
  std::promise<void> cancelled;
  asio::co_spawn(
      runtime.executor(), as_result(writer.finish()),
      asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, const Result<BulkReport>& result) {
        EXPECT_FALSE(result.has_value());
        ended.set_value();
      }));
  while (gate.waiting == 0) std::this_thread::yield();
  asio::post(runtime.executor(), [&] {
    signal.emit(asio::cancellation_type::terminal);
    cancelled.set_value();
  });
  cancelled.get_future().get();
  ended.get_future().get();
  gate.open = true;
  EXPECT_EQ(run(writer.finish()).progress.stored, 30U);
  EXPECT_EQ(model.most(), 1);
}

TEST_F(BulkEmbedding, DestructionWhileTheFunctionRunsIsSafe) {
  for (const int rows : {1, 20, 50}) {
    // A call may begin after the writer was destroyed.
    const auto gate = std::make_shared<Gate>();
    const auto slow = [gate](std::vector<std::string> texts) -> asio::awaitable<Embeddings> {
      co_await gate->pass();
      co_return Embeddings(std::vector<float>(texts.size(), 1.0F), 1);
    };
    auto writer = std::make_unique<BulkWriter>(open(embed::dense(slow)), options());
    for (int i = 0; i < rows; ++i) run(writer->write(text(i)));
    auto waiting = asio::co_spawn(runtime.executor(), as_result(writer->flush()), asio::use_future);
    while (gate->waiting == 0) std::this_thread::yield();
    writer.reset();
    gate->open = true;
    static_cast<void>(waiting.get());
  }
  EXPECT_TRUE(store.stored().empty());
}

/// A whole load of texts in one coroutine; sets `done` at its end.
asio::awaitable<void> whole_embedded_load(ChromaHttpClient client, std::shared_ptr<bool> done) {
  auto collection = co_await client.get_collection("abc");
  collection.set_embedding_function(
      embed::dense([](std::vector<std::string> texts) -> asio::awaitable<Embeddings> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        co_return Embeddings(std::vector<float>(texts.size(), 1.0F), 1);
      }));
  auto options = quick();
  options.limits = BulkLimits::custom(10, 1 << 20);
  options.embedding_rows = 5;
  options.max_buffered_bytes = 20'000;
  BulkWriter writer(collection, options);
  for (int i = 0; i < 60; ++i) {
    BulkRecord record(std::to_string(i));
    record.document("text");
    co_await writer.write(std::move(record));
  }
  const auto report = co_await writer.finish();
  EXPECT_EQ(report.progress.embedded, 60U);
  EXPECT_EQ(report.progress.stored, 60U);
  *done = true;
}

void respond_to_whole_load(MockServer& server) {
  server.respond([](const Received& request) {
    if (request.target.ends_with("/pre-flight-checks")) return Reply(200, R"({"max_batch_size":5461})");
    return request.method == "GET" ? Reply(200, collection_json()) : Reply();
  });
}

TEST_F(BulkEmbedding, TheContextMayEndAtEveryStep) {
  respond_to_whole_load(server);
  const auto done = std::make_shared<bool>(false);
  for (std::size_t steps = 0; !*done; steps += 1 + steps / 8) {
    asio::io_context context;
    const ChromaHttpClient client(context.get_executor(), options_for(server));
    asio::co_spawn(context, whole_embedded_load(client, done), asio::detached);
    for (std::size_t step = 0; step < steps && context.run_one() > 0; ++step) {
    }
    ASSERT_LT(steps, 1'000'000U);
  }
}

TEST_F(BulkEmbedding, TheLoadMayBeCancelledAtEveryStep) {
  respond_to_whole_load(server);
  const auto done = std::make_shared<bool>(false);
  // Boost 1.83 lets an exception leave `context.run()` if a coroutine is cancelled before its first step.
  for (std::size_t steps = 1; !*done; steps += 1 + steps / 8) {
    asio::io_context context;
    const ChromaHttpClient client(context.get_executor(), options_for(server));
    asio::cancellation_signal signal;
    bool ended = false;
    asio::co_spawn(context, whole_embedded_load(client, done),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { ended = true; }));
    for (std::size_t step = 0; step < steps && context.run_one() > 0; ++step) {
    }
    if (!ended) signal.emit(asio::cancellation_type::terminal);
    context.run();  // Returns, because nothing is left that waits.
    EXPECT_TRUE(ended);
    ASSERT_LT(steps, 1'000'000U);
  }
}

TEST_F(BulkEmbedding, ACheckpointHasStoredRecordsAlone) {
  const auto path = (std::filesystem::temp_directory_path() / "chroma_bulk_embedding_test.json").string();
  std::filesystem::remove(path);
  auto bulk = options();
  bulk.checkpoint.emplace(path);
  bulk.embedding_concurrency = 1;
  bulk.flush_interval = 0ms;  // Each call has exactly `embedding_rows` texts.
  const auto until_40 = [&](const std::vector<std::string>& texts) {
    auto made = model.embed(texts);
    if (texts.front() == "d40") {
      EmbeddingFunctionError error;
      error.status = 401;
      throw ChromaHttpClientError(error);
    }
    return made;
  };
  const auto first = load(open(embed::dense(until_40)), bulk, 100);
  EXPECT_TRUE(first.stopped);
  const auto second = load(open(model.function()), bulk, 100);
  EXPECT_EQ(second.progress.skipped, first.progress.stored);
  EXPECT_EQ(second.progress.stored + second.progress.skipped, 100U);
  EXPECT_EQ(store.stored().size(), 100U);
  std::filesystem::remove(path);
}

TEST_F(BulkEmbedding, RunsOnAPoolWithManyProducersAndFaults) {
  asio::thread_pool pool(4);
  {
    const ChromaHttpClient pooled(pool.get_executor(), options_for(server));
    auto handle = collection(pooled);
    server.respond_side_by_side([this](const Received& request) { return store(request); });
    std::atomic<int> functions_faults = 0;
    std::atomic<int> server_faults = 0;
    store.set_refusal([&](const nlohmann::json&) -> std::optional<Reply> {
      if (++server_faults % 7 == 0) return Reply(503, "{}");
      return std::nullopt;
    });
    handle.set_embedding_function(embed::dense([&](const std::vector<std::string>& texts) {
      if (++functions_faults % 5 == 0) {
        EmbeddingFunctionError busy;
        busy.retryable = true;
        throw ChromaHttpClientError(busy);
      }
      return model.embed(texts);
    }));
    auto bulk = options();
    bulk.max_buffered_bytes = 200'000;
    bulk.embedding_concurrency = 4;
    bulk.retry.max_tries = 100;
    std::atomic<std::size_t> told = 0;
    bulk.on_batch = [&](const BatchOutcome& outcome) { told += outcome.rows; };
    BulkWriter writer(handle, bulk);
    const auto produce = [&](int first) -> asio::awaitable<void> {
      for (int i = 0; i < 300; ++i) {
        auto one = text(first + i);
        if (i % 3 == 0) one.embedding(std::vector<float>{1.0F, 2.0F});
        co_await writer.write(std::move(one));
        if (i % 100 == 99) co_await writer.flush();
      }
    };
    std::vector<std::future<void>> producers;
    for (int i = 0; i < 4; ++i) {
      producers.push_back(asio::co_spawn(pool, produce(i * 1000), asio::use_future));
    }
    for (auto& producer : producers) producer.get();
    const auto report = asio::co_spawn(pool, writer.finish(), asio::use_future).get();
    EXPECT_EQ(report.progress.stored, 1200U);
    EXPECT_EQ(report.progress.embedded, 800U);
    EXPECT_EQ(told, 1200U);
    EXPECT_EQ(store.stored().size(), 1200U);
    EXPECT_EQ(model.most(), 1);
  }
  pool.join();
}

}  // namespace
}  // namespace chroma::test

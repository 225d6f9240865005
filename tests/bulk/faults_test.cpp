// What a server may do to a bulk load: every refusal in the words of the server, at the beginning, in the
// middle and at the end of the load; connections that break at every step; cancellation and destruction at
// every step.
#include "client/fixture.hpp"
#include "support/raw_server.hpp"

#include <chroma/bulk.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace chroma::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_rows = 20;
constexpr std::size_t batches = 6;
constexpr std::size_t all_rows = batch_rows * batches;
constexpr const char* pre_flight = R"({"max_batch_size":5461,"supports_base64_encoding":true})";

/// Batches of the same size, one after the other, with short waits.
BulkOptions steady() {
  BulkOptions options;
  options.limits = BulkLimits::custom(batch_rows, 1 << 20);
  options.concurrency = 1;
  options.max_concurrency = 1;
  options.retry.min_delay = 1ms;
  options.retry.max_delay = 2ms;
  options.flush_interval = 0ms;
  return options;
}

BulkRecord record(std::size_t number) {
  return BulkRecord("id" + std::to_string(number), {static_cast<float>(number), 1.0F});
}

enum class Expect { AllStored, OneFails, Stops };

struct Refused {
  const char* name;
  int status;
  std::string body;
  Expect expect;
  bool row_is_at_fault = false;  // Refuses every request with this row, not one request alone.
};

std::string envelope(const std::string& message) {
  return nlohmann::json{{"error", "ChromaError"}, {"message", message}}.dump();
}
std::string quota(const std::string& usage) {
  return envelope("Quota exceeded: '" + usage +
                  "' exceeded quota limit for action 'Upsert': current usage of 20 exceeds limit of 7");
}

std::vector<Refused> refusals() {
  std::vector<Refused> all = {
      {"Payload413", 413, "Failed to buffer the request body: length limit exceeded", Expect::AllStored},
      {"RowTooLarge413", 413, "Failed to buffer the request body: length limit exceeded", Expect::OneFails,
       true},
      {"QuotaOfRows", 422, quota("Number of records"), Expect::AllStored},
      {"CollectionSize", 422, quota("Collection size (records)"), Expect::Stops},
      {"Billing", 422, envelope("Billing limit exceeded"), Expect::Stops},
      {"Malformed", 422, "Failed to deserialize the JSON body into the target type", Expect::OneFails, true},
      {"BadRequest", 400, envelope("Collection expecting embedding with dimension of 3, got 2"),
       Expect::OneFails, true},
      {"MissingKey", 400, envelope("Missing API key in the request header"), Expect::Stops},
      {"Unauthorized", 401, envelope("no"), Expect::Stops},
      {"Forbidden", 403, envelope("Unauthorized"), Expect::Stops},
      {"NotFound", 404, envelope("Collection [x] does not exist"), Expect::Stops},
      {"NotImplemented", 501, envelope("not implemented"), Expect::Stops},
      {"ServerError", 500, envelope("internal"), Expect::AllStored},
      {"BadGateway", 502, "<html>Bad Gateway</html>", Expect::AllStored},
      {"Unavailable", 503, "", Expect::AllStored},
      {"GatewayTimeout", 504, "", Expect::AllStored},
  };
  for (const char* usage :
       {"Embedding dimension", "Document size (bytes)", "URI size (bytes)", "ID size (bytes)",
        "Size of metadata dictionary key (bytes)", "Size of metadata dictionary value (bytes)",
        "Number of metadata dictionary keys", "Sparse vector populated dimension"}) {
    all.push_back({usage, 422, quota(usage), Expect::OneFails, true});
  }
  return all;
}

class BulkFaults : public ClientTest {
 protected:
  /// Responds to writes with `reply` where `refuses(number of the write, ids)` is true, and keeps the ids of
  /// the others.
  template <class Refuses>
  ChromaCollection open(Reply reply, Refuses refuses) {
    auto handle = collection();
    served = std::make_shared<Served>();
    server.respond([served = served, reply, refuses](const Received& request) {
      if (request.target.ends_with("/pre-flight-checks")) return Reply(200, pre_flight);
      const auto body = nlohmann::json::parse(request.body);
      const auto ids = body.at("ids").get<std::vector<std::string>>();
      const std::lock_guard lock(served->mutex);
      if (refuses(served->writes++, ids)) return reply;
      served->stored.insert(ids.begin(), ids.end());
      return Reply();
    });
    return handle;
  }

  BulkReport load(const ChromaCollection& handle) {
    told = 0;
    auto options = steady();
    options.on_batch = [this](const BatchOutcome& outcome) { told += outcome.rows; };
    BulkWriter writer(handle, options);
    given = 0;
    for (std::size_t i = 0; i < all_rows; ++i) {
      if (!run(as_result(writer.write(record(i)))).has_value()) break;
      ++given;
    }
    return run(writer.finish());
  }

  void expect(const Refused& refused, const BulkReport& report, std::size_t place) {
    const auto& progress = report.progress;
    EXPECT_EQ(told, given);
    EXPECT_EQ(progress.given, given);
    EXPECT_EQ(progress.stored + progress.failed + progress.not_sent, given);
    const std::lock_guard lock(served->mutex);
    EXPECT_EQ(progress.stored, served->stored.size());
    switch (refused.expect) {
      case Expect::AllStored:
        EXPECT_EQ(progress.stored, all_rows);
        break;
      case Expect::OneFails:
        EXPECT_EQ(progress.stored, all_rows - 1);
        ASSERT_EQ(report.failed.size(), 1U);
        EXPECT_EQ(report.failed[0].record.id(), "id" + std::to_string(place * batch_rows + 3));
        EXPECT_EQ(report.failed[0].error.status(), refused.status);
        break;
      case Expect::Stops:
        ASSERT_TRUE(report.stopped.has_value());
        EXPECT_EQ(report.stopped->status(), refused.status);
        EXPECT_EQ(progress.stored, place * batch_rows);
        EXPECT_EQ(progress.failed, batch_rows);
        break;
    }
  }

  /// What the server's threads and the test share.
  struct Served {
    std::mutex mutex;
    std::set<std::string> stored;
    std::size_t writes = 0;
  };
  std::shared_ptr<Served> served;
  std::size_t told = 0;
  std::size_t given = 0;
};

TEST_F(BulkFaults, EveryRefusalInTheFirstAMiddleAndTheLastBatch) {
  for (const Refused& refused : refusals()) {
    for (const std::size_t place : {std::size_t(0), batches / 2, batches - 1}) {
      SCOPED_TRACE(std::string(refused.name) + " in batch " + std::to_string(place));
      const auto bad = "id" + std::to_string(place * batch_rows + 3);
      const auto refuses = [bad, place, by_row = refused.row_is_at_fault](
                               std::size_t number, const std::vector<std::string>& ids) {
        return by_row ? std::ranges::count(ids, bad) > 0 : number == place;
      };
      const auto report = load(open(Reply(refused.status, refused.body), refuses));
      expect(refused, report, place);
    }
  }
}

TEST_F(BulkFaults, ARateLimitPausesAndLosesNothing) {
  const Reply reply(429, "You have been rate limited.", "text/plain");
  const auto refuses = [](std::size_t number, const std::vector<std::string>&) { return number == 1; };
  const auto report = load(open(reply, refuses));
  EXPECT_EQ(report.progress.stored, all_rows);
  EXPECT_EQ(report.progress.pauses, 1U);
}

TEST_F(BulkFaults, A429ToTheRequestForLimitsIsNoTry) {
  const auto handle = collection();
  std::atomic<int> refusals = 1;
  server.respond([&](const Received& request) {
    const bool refuses = request.target.ends_with("/pre-flight-checks") && refusals-- > 0;
    if (refuses) return Reply(429, R"({"error":"Backoff","message":"Backoff and retry"})");
    return request.target.ends_with("/pre-flight-checks") ? Reply(200, pre_flight) : Reply();
  });
  auto options = steady();
  options.retry.max_tries = 1;
  BulkWriter writer(handle, options);
  run(writer.write(record(0)));
  EXPECT_EQ(run(writer.finish()).progress.stored, 1U);
}

TEST_F(BulkFaults, LimitsAreAskedForAgain) {
  const auto handle = collection();
  std::atomic<int> failures = 3;
  server.respond([&](const Received& request) {
    if (request.target.ends_with("/pre-flight-checks")) {
      return failures-- > 0 ? Reply(503, "") : Reply(200, pre_flight);
    }
    return Reply();
  });
  EXPECT_EQ(load(handle).progress.stored, all_rows);
  server.respond(Reply(403, "{}"));
  const auto report = load(handle);
  EXPECT_EQ(report.progress.not_sent, given);
  ASSERT_TRUE(report.stopped.has_value());
  EXPECT_EQ(report.stopped->status(), 403);
}

/// A connection that breaks once in the middle of a load, at this step.
enum class Step { BeforeRequest, AfterHead, AfterBody, InResponseHead, InResponseBody, NoHttp, Reset };

TEST(BulkConnection, BreaksAtEveryStepAndLosesNothing) {
  for (const auto step : {Step::BeforeRequest, Step::AfterHead, Step::AfterBody, Step::InResponseHead,
                          Step::InResponseBody, Step::NoHttp, Step::Reset}) {
    SCOPED_TRACE(static_cast<int>(step));
    std::atomic<std::size_t> requests = 0;
    RawServer server([&](RawSession& session) {
      for (;;) {
        const bool breaks = requests == 3;
        if (breaks && step == Step::BeforeRequest) return void(++requests);
        if (breaks && step == Step::AfterHead) {
          session.read_head();
          return void(++requests);
        }
        const auto request = session.read_request();
        if (!request) return;
        ++requests;
        if (request->find("pre-flight-checks") != std::string::npos) {
          session.respond(pre_flight);
        } else if (request->starts_with("GET")) {
          session.respond(collection_json());
        } else if (!breaks) {
          session.respond("{}");
        } else {
          if (step == Step::InResponseHead) session.send("HTTP/1.1 200 OK\r\nconte");
          if (step == Step::InResponseBody) session.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{");
          if (step == Step::NoHttp) session.send("nonsense\r\n\r\n");
          if (step == Step::Reset) session.reset();
          return;
        }
      }
    });
    Runtime runtime;
    ChromaHttpClientOptions options;
    options.endpoint = "http://127.0.0.1:" + std::to_string(server.port());
    options.tenant_id = "t";
    options.database_name = "d";
    options.proxy = "";
    const ChromaHttpClient client(runtime.executor(), options);
    const auto collection = runtime.block_on(client.get_collection("abc"));
    BulkWriter writer(collection, steady());
    for (std::size_t i = 0; i < all_rows; ++i) runtime.block_on(writer.write(record(i)));
    const auto report = runtime.block_on(writer.finish());
    EXPECT_EQ(report.progress.stored, all_rows);
    EXPECT_FALSE(report.stopped.has_value());
  }
}

/// A whole load in one coroutine; sets `done` at its end.
boost::asio::awaitable<void> whole_load(ChromaHttpClient client, std::shared_ptr<bool> done) {
  const auto collection = co_await client.get_collection("abc");
  auto options = steady();
  options.max_concurrency = 2;
  options.concurrency = 2;
  options.max_buffered_bytes = 4000;
  BulkWriter writer(collection, options);
  for (std::size_t i = 0; i < all_rows; ++i) {
    auto one = record(i);
    co_await writer.write(std::move(one));
  }
  co_await writer.flush();
  static_cast<void>(co_await writer.finish());
  *done = true;
}

class BulkEnding : public ClientTest {
 protected:
  BulkEnding() {
    server.respond([](const Received& request) {
      if (request.target.ends_with("/pre-flight-checks")) return Reply(200, pre_flight);
      return request.method == "GET" ? Reply(200, collection_json()) : Reply();
    });
  }
};

TEST_F(BulkEnding, ContextMayEndAtEveryStep) {
  const auto done = std::make_shared<bool>(false);
  for (std::size_t steps = 0; !*done; steps += 1 + steps / 8) {
    boost::asio::io_context context;
    const ChromaHttpClient client(context.get_executor(), options_for(server));
    boost::asio::co_spawn(context, whole_load(client, done), boost::asio::detached);
    for (std::size_t step = 0; step < steps && context.run_one() > 0; ++step) {
    }
    ASSERT_LT(steps, 1'000'000U);
  }
}

TEST_F(BulkEnding, LoadMayBeCancelledAtEveryStep) {
  const auto done = std::make_shared<bool>(false);
  // Boost 1.83 lets an exception leave `context.run()` if a coroutine is cancelled before its first step.
  for (std::size_t steps = 1; !*done; steps += 1 + steps / 8) {
    boost::asio::io_context context;
    const ChromaHttpClient client(context.get_executor(), options_for(server));
    boost::asio::cancellation_signal signal;
    bool ended = false;
    boost::asio::co_spawn(
        context, whole_load(client, done),
        boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { ended = true; }));
    for (std::size_t step = 0; step < steps && context.run_one() > 0; ++step) {
    }
    if (!ended) signal.emit(boost::asio::cancellation_type::terminal);
    context.run();  // Returns, because nothing is left that waits.
    EXPECT_TRUE(ended);
    ASSERT_LT(steps, 1'000'000U);
  }
}

TEST_F(BulkEnding, ContextOfAWaitingCallerMayEnd) {
  auto options = steady();
  options.limits = BulkLimits::custom(1, 1 << 20);
  options.max_buffered_bytes = 1;
  BulkWriter writer(run(client().get_collection("abc")), options);
  for (std::size_t i = 0; i < 200; ++i) {
    boost::asio::io_context other;
    boost::asio::co_spawn(other, writer.write(record(i)), boost::asio::detached);
    boost::asio::co_spawn(other, writer.flush(), boost::asio::detached);
    other.poll();
  }
  const auto report = run(writer.finish());
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.progress.stored, report.progress.given);
  EXPECT_GT(report.progress.given, 0U);
}

TEST_F(BulkEnding, ACancelledWriteTakesNothingAndTheWriterGoesOn) {
  std::atomic<bool> hold = true;
  const auto handle = run(client().get_collection("abc"));
  server.respond_side_by_side([&](const Received& request) {
    if (request.target.ends_with("/pre-flight-checks")) return Reply(200, pre_flight);
    while (hold) std::this_thread::yield();
    return Reply();
  });
  auto options = steady();
  options.max_buffered_bytes = 1;
  BulkWriter writer(handle, options);
  run(writer.write(record(0)));
  boost::asio::cancellation_signal signal;
  std::promise<std::exception_ptr> ended;
  auto waiting = writer.write(record(1));
  boost::asio::co_spawn(runtime.executor(), std::move(waiting),
                        boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failure) {
                          ended.set_value(std::move(failure));
                        }));
  boost::asio::post(runtime.executor(), [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  const auto failure = ended.get_future().get();
  ASSERT_TRUE(failure != nullptr);
  try {
    std::rethrow_exception(failure);
  } catch (const ChromaHttpClientError& error) {
    ASSERT_TRUE(error.is<RequestError>());
    EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::cancelled);
  }
  EXPECT_EQ(writer.progress().given, 1U);
  hold = false;
  run(writer.write(record(2)));
  EXPECT_EQ(run(writer.finish()).progress.stored, 2U);
}

}  // namespace
}  // namespace chroma::test

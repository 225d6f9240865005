// The tenant and the database that calls use.
#include "client/fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

namespace chroma::test {
namespace {

class ScopeTest : public ClientTest {
 protected:
  ChromaHttpClient unresolved() {
    auto options = options_for(server);
    options.tenant_id.reset();
    options.database_name.reset();
    return ChromaHttpClient(runtime.executor(), options);
  }
  void identity(const std::string& tenant, const std::string& databases) {
    const std::string body = R"({"user_id":"","tenant":")" + tenant + R"(","databases":)" + databases + "}";
    server.respond([body](const Received& request) {
      return request.target == "/api/v2/auth/identity" ? Reply(200, body) : Reply(200, "5");
    });
  }
  std::size_t identity_calls() {
    std::size_t count = 0;
    for (const auto& request : server.received())
      count += request.target == "/api/v2/auth/identity" ? 1U : 0U;
    return count;
  }
};

TEST_F(ScopeTest, OneIdentityResponseGivesTenantAndDatabase) {
  identity("acme", R"(["prod"])");
  const auto client = unresolved();
  EXPECT_EQ(run(client.count_collections()), 5U);
  EXPECT_EQ(server.received().back().target, "/api/v2/tenants/acme/databases/prod/collections_count");
  EXPECT_EQ(run(client.get_tenant_id()), "acme");
  EXPECT_EQ(run(client.get_database_name()), "prod");
  EXPECT_EQ(identity_calls(), 1U);
}

TEST_F(ScopeTest, ConcurrentCallsSendOneIdentityRequest) {
  identity("acme", R"(["prod"])");
  const auto client = unresolved();
  std::vector<std::future<std::uint32_t>> counts;
  for (int i = 0; i < 32; ++i) {
    counts.push_back(
        boost::asio::co_spawn(runtime.executor(), client.count_collections(), boost::asio::use_future));
  }
  for (auto& count : counts) EXPECT_EQ(count.get(), 5U);
  EXPECT_EQ(identity_calls(), 1U);
}

TEST_F(ScopeTest, AmbiguityIsAnErrorAndIsNotCached) {
  const auto client = unresolved();
  for (const char* databases : {R"(["a","b"])", "[]", R"(["*"])"}) {
    identity("acme", databases);
    const auto error = fail(client.count_collections());
    ASSERT_TRUE(error.is<CouldNotResolveDatabaseId>()) << error.what();
    EXPECT_EQ(error.operation(), "count_collections");
  }
  identity("*", R"(["a"])");
  EXPECT_TRUE(fail(client.list_databases()).is<CouldNotResolveDatabaseId>());
  identity("acme", R"(["a"])");
  EXPECT_EQ(run(client.get_database_name()), "a");
}

TEST_F(ScopeTest, AFailedIdentityRequestIsRepeated) {
  const auto client = unresolved();
  server.respond(Reply(401, R"({"error":"ChromaError","message":"no"})"));
  const auto error = fail(client.count_collections());
  EXPECT_EQ(error.status(), 401);
  EXPECT_EQ(error.operation(), "get_auth_identity");
  identity("acme", R"(["prod"])");
  EXPECT_EQ(run(client.count_collections()), 5U);
}

TEST_F(ScopeTest, AllWaitingCallsGetTheFailure) {
  std::promise<void> all_wait;
  std::atomic<int> asked = 0;
  server.respond([&, ready = all_wait.get_future().share()](const Received&) {
    ++asked;
    ready.wait();
    return Reply(401, R"({"error":"ChromaError","message":"no"})");
  });
  const auto client = unresolved();
  std::vector<std::future<Result<std::uint32_t>>> counts;
  for (int i = 0; i < 8; ++i) {
    counts.push_back(boost::asio::co_spawn(runtime.executor(), as_result(client.count_collections()),
                                           boost::asio::use_future));
  }
  while (asked == 0) std::this_thread::yield();
  // When this operation completes, the runtime's only thread has started all operations that were submitted
  // before it.
  run([]() -> boost::asio::awaitable<void> { co_return; }());
  all_wait.set_value();
  for (auto& count : counts) EXPECT_EQ(count.get().error().status(), 401);
  EXPECT_EQ(asked, 1);
}

/// Calls to a server that sends no response to the identity request.
class HungIdentityTest : public ScopeTest {
 protected:
  HungIdentityTest() {
    server.respond([this, released = release.get_future().share()](const Received&) {
      // A waiting call whose deadline is later than that of the first one may send a second request.
      std::call_once(first_arrived, [this] { arrived.set_value(); });
      released.wait();
      return Reply();
    });
  }
  void TearDown() override { release.set_value(); }

  std::once_flag first_arrived;
  std::promise<void> arrived;
  std::promise<void> release;
};

TEST_F(HungIdentityTest, AWaitingCallTimesOutAtItsDeadline) {
  const auto client = unresolved();
  CallOptions brief;
  brief.timeout = std::chrono::milliseconds(100);
  const auto hurried = client.with_options(brief);
  std::vector<std::future<Result<std::uint32_t>>> counts;
  for (int i = 0; i < 4; ++i) {
    counts.push_back(boost::asio::co_spawn(runtime.executor(), as_result(hurried.count_collections()),
                                           boost::asio::use_future));
  }
  for (auto& count : counts) {
    const auto result = count.get();
    ASSERT_FALSE(result.has_value());
    const auto* request = result.error().get_if<RequestError>();
    ASSERT_NE(request, nullptr) << result.error().what();
    EXPECT_EQ(request->stage, Stage::timeout);
    EXPECT_NE(request->message.find("127.0.0.1"), std::string::npos) << request->message;
  }
}

/// The stage at which `op` failed.
boost::asio::awaitable<std::optional<Stage>> stage_of(boost::asio::awaitable<std::uint32_t> op) {
  try {
    static_cast<void>(co_await std::move(op));
  } catch (const ChromaHttpClientError& error) {
    if (const auto* request = error.get_if<RequestError>()) co_return request->stage;
  }
  co_return std::nullopt;
}

TEST_F(HungIdentityTest, AWaitingCallCanBeCancelled) {
  const auto client = unresolved();
  struct Caller {
    boost::asio::cancellation_signal stop;
    std::promise<std::optional<Stage>> end;
  };
  Caller leader;
  Caller waiter;
  for (Caller* caller : {&leader, &waiter}) {
    const auto ended = [caller](std::exception_ptr, std::optional<Stage> stage) {
      caller->end.set_value(stage);
    };
    boost::asio::co_spawn(runtime.executor(), stage_of(client.count_collections()),
                          boost::asio::bind_cancellation_slot(caller->stop.slot(), ended));
  }
  arrived.get_future().wait();
  for (Caller* caller : {&waiter, &leader}) {
    boost::asio::post(runtime.executor(),
                      [caller] { caller->stop.emit(boost::asio::cancellation_type::terminal); });
    EXPECT_EQ(caller->end.get_future().get(), Stage::cancelled);
  }
}

TEST_F(ScopeTest, CopiesHaveSeparateCaches) {
  identity("acme", R"(["prod"])");
  auto client = unresolved();
  const auto before = client;
  EXPECT_EQ(run(client.get_database_name()), "prod");
  const auto after = client;
  EXPECT_EQ(run(after.get_database_name()), "prod");
  EXPECT_EQ(identity_calls(), 1U);
  EXPECT_EQ(run(before.get_database_name()), "prod");
  EXPECT_EQ(identity_calls(), 2U);

  client.set_database_name("other");
  client.set_tenant_id("t9");
  EXPECT_EQ(run(client.get_database_name()), "other");
  EXPECT_EQ(run(client.get_tenant_id()), "t9");
  EXPECT_EQ(run(after.get_database_name()), "prod");
}

TEST_F(ScopeTest, WithScopeIsFixed) {
  identity("acme", R"(["prod"])");
  const auto scoped = unresolved().with_scope(ChromaAuthMethod::none(), "t2", "d2");
  EXPECT_EQ(run(scoped.count_collections()), 5U);
  EXPECT_EQ(server.only().target, "/api/v2/tenants/t2/databases/d2/collections_count");
}

}  // namespace
}  // namespace chroma::test

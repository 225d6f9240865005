// What the observer and the logger receive, and that it contains no credentials.
#include "client/fixture.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>

namespace chroma::test {
namespace {

class ObservingTest : public ClientTest {};

TEST_F(ObservingTest, EveryAttempt) {
  struct Seen {
    std::string operation;
    std::size_t attempt;
    int status;
    bool reused;
    bool retried;
    std::uint64_t sent, received;
  };
  std::mutex mutex;
  std::vector<Seen> seen;
  auto options = options_for(server);
  options.observer = [&](const AttemptEvent& event) {
    std::lock_guard lock(mutex);
    seen.push_back({std::string(event.operation), event.attempt, event.status, event.connection_reused,
                    event.retry_delay.has_value(), event.bytes_sent, event.bytes_received});
  };
  const ChromaHttpClient observed(runtime.executor(), options);
  std::atomic<int> calls = 0;
  server.respond([&](const Received&) {
    return ++calls == 1 ? Reply(503, "") : Reply(200, R"({"nanosecond heartbeat":1})");
  });
  run(observed.heartbeat());
  std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].operation, "heartbeat");
  EXPECT_EQ(seen[0].attempt, 1U);
  EXPECT_EQ(seen[0].status, 503);
  EXPECT_FALSE(seen[0].reused);
  EXPECT_TRUE(seen[0].retried);
  EXPECT_EQ(seen[1].attempt, 2U);
  EXPECT_EQ(seen[1].status, 200);
  EXPECT_TRUE(seen[1].reused);
  EXPECT_FALSE(seen[1].retried);
  EXPECT_GT(seen[1].sent, 0U);
  EXPECT_GT(seen[1].received, 0U);
}

TEST(LogLevels, HaveNames) {
  std::ostringstream out;
  for (const auto level :
       {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    out << level << ' ';
  }
  EXPECT_EQ(out.str(), "trace debug info warn error ");
  EXPECT_STREQ(to_string(LogLevel::warn), "warn");
}

TEST_F(ObservingTest, WhatCallbacksThrowDoesNotFailACall) {
  auto options = options_for(server);
  options.observer = [](const AttemptEvent&) { throw 1; };
  options.logger = Logger([](LogLevel, std::string_view) { throw 2; }, LogLevel::trace);
  const ChromaHttpClient watched(runtime.executor(), options);
  server.respond(Reply(200, R"("1.0.0")"));
  EXPECT_EQ(run(watched.version()), "1.0.0");
  server.respond(Reply(404, R"({"error":"NotFoundError","message":"no"})"));
  EXPECT_EQ(fail(watched.get_collection("x")).status(), 404);
}

/// A sink of a user's spdlog logger that fails.
class ThrowingSink final : public spdlog::sinks::sink {
 public:
  explicit ThrowingSink(bool standard) : standard_(standard) {}
  void log(const spdlog::details::log_msg&) override {
    if (standard_) throw std::runtime_error("the disk is full");
    throw 3;
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  bool standard_;
};

TEST_F(ObservingTest, WhatALoggerThrowsDoesNotFailACall) {
  for (const bool standard : {false, true}) {
    auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<ThrowingSink>(standard));
    logger->set_level(spdlog::level::trace);
    logger->set_error_handler([](const std::string& text) { throw std::runtime_error(text); });
    auto options = options_for(server);
    options.observer = [](const AttemptEvent&) { throw 1; };
    options.logger = logger;
    const ChromaHttpClient watched(runtime.executor(), options);
    server.respond(Reply(200, R"("1.0.0")"));
    EXPECT_EQ(run(watched.version()), "1.0.0");
    server.respond(Reply(200, R"([{"id":1}])"));
    // The item cannot be read, which is logged as a warning.
    EXPECT_TRUE(run(watched.list_collections(10)).empty());
  }
}

TEST_F(ObservingTest, NoSecretIsReportedOrLogged) {
  const std::string secret = "s3cr3t-t0ken";
  std::ostringstream log;
  auto options = options_for(server);
  options.auth_method = ChromaAuthMethod::cloud_api_key(secret);
  options.default_headers = {{"authorization", "Bearer " + secret}};
  options.endpoint = "http://user:" + secret + "@" + server.url().substr(7);
  auto logger = std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  logger->set_level(spdlog::level::trace);
  options.logger = logger;
  const ChromaHttpClient quiet(runtime.executor(), options);

  server.respond(Reply(500, R"({"error":"InternalError","message":"x"})"));
  std::string said = fail(quiet.heartbeat()).what();
  server.respond(Reply(200, "no json"));
  said += fail(quiet.heartbeat()).what();
  options.endpoint = "http://user:" + secret + "@127.0.0.1:1";
  said += fail(ChromaHttpClient(runtime.executor(), options).heartbeat()).what();
  CallOptions more;
  more.headers = {{"x-more", secret}};
  server.respond(Reply(404, ""));
  said += fail(quiet.with_options(more).version()).what();
  auto behind_proxy = options;
  behind_proxy.proxy = "http://user:" + secret + "@127.0.0.1:1";
  said += fail(ChromaHttpClient(runtime.executor(), behind_proxy).heartbeat()).what();
  options.endpoint = "http://user:" + secret + "@127.0.0.1:notaport";
  try {
    const ChromaHttpClient refused(runtime.executor(), options);
    ADD_FAILURE() << "accepted";
  } catch (const ChromaHttpClientOptionsError& error) {
    said += error.what();
  }

  EXPECT_EQ(said.find(secret), std::string::npos) << said;
  EXPECT_EQ(log.str().find(secret), std::string::npos) << log.str();
  EXPECT_NE(log.str().find("heartbeat"), std::string::npos) << "nothing was logged";
  EXPECT_NE(log.str().find("warning"), std::string::npos) << "no retry was logged";
}

TEST_F(ObservingTest, CredentialsThatAServerRepeatsAreNotShown) {
  server.respond([](const Received& request) {
    std::string headers;
    for (const auto& [name, value] : request.headers) headers += name + ": " + value + "; ";
    if (request.target.ends_with("/healthcheck")) return Reply(200, R"({"seen":")" + headers + "\"}");
    const bool is_page = request.target.ends_with("/version");
    return is_page ? Reply(200, "token " + headers)
                   : Reply(401, R"({"error":"Auth","message":")" + headers + "\"}");
  });
  for (const auto& auth : {ChromaAuthMethod::cloud_api_key("s3cr3t-t0ken"),
                           ChromaAuthMethod::header("x-own", "s3cr3t-t0ken"), ChromaAuthMethod::none()}) {
    std::ostringstream log;
    auto options = options_for(server);
    options.auth_method = auth;
    options.endpoint = "http://user:s3cr3t-t0ken@" + server.url().substr(7);
    auto logger =
        std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
    logger->set_level(spdlog::level::trace);
    options.logger = logger;
    CallOptions more;
    more.headers = {{"x-api-key", "an0ther-s3cret"}};
    const auto asking = ChromaHttpClient(runtime.executor(), options).with_options(more);
    const auto refused = fail(asking.heartbeat());
    const auto page = fail(asking.version());
    static_cast<void>(run(as_result(asking.healthcheck())));  // Its response is logged.
    const std::string shown =
        std::string(refused.what()) + refused.get_if<ApiError>()->body + page.what() + log.str();
    EXPECT_NE(shown.find("[secret]"), std::string::npos) << shown;
    for (const char* secret : {"s3cr3t-t0ken", "an0ther-s3cret", "dXNlcjpzM2NyM3QtdDBrZW4"}) {
      EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
    }
  }
}

}  // namespace
}  // namespace chroma::test

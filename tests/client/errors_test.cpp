// Error responses and transport failures, and the errors that operations throw for them.
#include "client/fixture.hpp"
#include "support/raw_server.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <future>

namespace chroma::test {
namespace {

class ErrorsTest : public ClientTest {
 protected:
  ApiError api_error(const Reply& reply) {
    server.respond(reply);
    auto options = options_for(server);
    options.retry_options.max_retries = 0;
    const auto error = fail(ChromaHttpClient(runtime.executor(), options).get_collection("x"));
    EXPECT_EQ(error.operation(), "get_collection");
    EXPECT_EQ(error.status(), reply.status);
    const auto* api = error.get_if<ApiError>();
    if (api == nullptr) ADD_FAILURE() << error.what();
    return api == nullptr ? ApiError() : *api;
  }
};

TEST_F(ErrorsTest, Envelope) {
  Reply reply(404, R"({"error":"NotFoundError","message":"Collection [x] does not exist"})");
  reply.headers = {{"chroma-trace-id", "trace-7"}, {"retry-after", "3"}};
  const auto error = api_error(reply);
  EXPECT_EQ(error.name, "NotFoundError");
  EXPECT_EQ(error.message, "Collection [x] does not exist");
  EXPECT_EQ(error.trace_id, "trace-7");
  EXPECT_EQ(error.retry_after, std::chrono::seconds(3));
  EXPECT_EQ(error.body, reply.body);
}

TEST_F(ErrorsTest, ATraceIdOfZerosIsNotShown) {
  Reply reply(400, R"({"error":"ChromaError","message":"no"})");
  reply.headers = {{"chroma-trace-id", std::string(32, '0')}};
  EXPECT_EQ(api_error(reply).trace_id, "");
}

TEST_F(ErrorsTest, GetOrCreateHasItsOwnOperationName) {
  server.respond(Reply(409, R"({"error":"ChromaError","message":"no"})"));
  EXPECT_EQ(fail(client().get_or_create_collection("x")).operation(), "get_or_create_collection");
  EXPECT_EQ(fail(client().create_collection("x")).operation(), "create_collection");
}

TEST_F(ErrorsTest, AResponseThatIsNotJsonIsShownInPart) {
  server.respond(Reply(200, "<html>\nplease log in</html>" + std::string(1000, ' '), "text/html"));
  const auto error = fail(client().heartbeat());
  const std::string text = error.what();
  EXPECT_NE(text.find("<html>?please log in</html>"), std::string::npos) << text;
  EXPECT_LT(text.size(), 500U);
}

TEST_F(ErrorsTest, AResponseWithAContentCodingIsNamed) {
  const std::string gzip("\x1F\x8B\x08\x00\x00", 5);
  Reply coded(200, gzip);
  coded.headers = {{"content-encoding", "gzip"}};
  server.respond(coded);
  const auto success = fail(client().heartbeat());
  ASSERT_TRUE(success.is<RequestError>()) << success.what();
  EXPECT_EQ(success.get_if<RequestError>()->stage, Stage::decode);
  EXPECT_NE(std::string(success.what()).find("gzip"), std::string::npos) << success.what();
  EXPECT_EQ(server.received().back().header("accept-encoding"), "identity");

  coded.status = 502;
  const auto error = api_error(coded);
  EXPECT_NE(error.message.find("gzip"), std::string::npos) << error.message;
  EXPECT_EQ(error.body, gzip);

  Reply plain(200, R"({"nanosecond heartbeat":1})");
  plain.headers = {{"content-encoding", "Identity"}};
  server.respond(plain);
  EXPECT_EQ(run(client().heartbeat()).nanosecond_heartbeat, 1U);
}

TEST_F(ErrorsTest, BodiesOfOtherForms) {
  const auto text = api_error(Reply(413, "Payload too large", "text/plain"));
  EXPECT_NE(text.message.find("Payload too large"), std::string::npos) << text.message;
  EXPECT_EQ(text.name, "");

  for (const int status : {404, 405}) {
    const auto empty = api_error(Reply(status, ""));
    EXPECT_FALSE(empty.message.empty());
    EXPECT_EQ(empty.body, "");
  }

  const auto detail = api_error(Reply(400, R"({"detail":"wrong thing"})"));
  EXPECT_NE(detail.message.find("wrong thing"), std::string::npos) << detail.message;

  const auto html =
      api_error(Reply(502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html"));
  EXPECT_NE(html.message.find("502 Bad Gateway"), std::string::npos) << html.message;
  EXPECT_EQ(html.message.find('<'), std::string::npos) << html.message;
}

TEST_F(ErrorsTest, RetriesByStatusAndOperation) {
  struct Row {
    int status;
    bool read_only;
    std::size_t attempts;
  };
  for (const auto& row : {Row{429, true, 4}, Row{429, false, 4}, Row{500, true, 4}, Row{503, true, 4},
                          Row{500, false, 1}, Row{503, false, 1}, Row{501, true, 1}, Row{404, true, 1}}) {
    server.respond(Reply(row.status, "{}"));
    server.forget();
    const auto error = row.read_only ? fail(client().heartbeat()) : fail(client().delete_collection("x"));
    EXPECT_EQ(error.attempts(), row.attempts) << row.status;
    EXPECT_EQ(server.received().size(), row.attempts) << row.status;
    EXPECT_EQ(error.is_retryable(), row.status != 501 && row.status != 404);
  }
}

TEST_F(ErrorsTest, ReadsOverPostAreRetried) {
  const auto handle = collection();
  std::atomic<int> calls = 0;
  server.respond([&](const Received&) {
    return ++calls < 3 ? Reply(503, "busy", "text/plain") : Reply(200, R"({"ids":["a"],"include":[]})");
  });
  EXPECT_EQ(run(handle.get()).ids.size(), 1U);
  EXPECT_EQ(calls, 3);
}

TEST_F(ErrorsTest, PerCallRetryPolicy) {
  CallOptions options;
  options.retry = ChromaRetryOptions();
  options.retry->max_retries = 1;
  options.retry->min_delay = std::chrono::milliseconds(0);
  server.respond(Reply(503, ""));
  EXPECT_EQ(fail(client().with_options(options).heartbeat()).attempts(), 2U);
}

TEST_F(ErrorsTest, ResponsesThatAreNotJson) {
  for (const char* body : {"hello", "", "{\"nanosecond heartbeat\":1", "<html></html>"}) {
    server.respond(Reply(200, body, "text/html"));
    const auto error = fail(client().heartbeat());
    const auto* request = error.get_if<RequestError>();
    ASSERT_NE(request, nullptr) << error.what();
    EXPECT_EQ(request->stage, Stage::decode);
    EXPECT_FALSE(error.is_retryable());
    EXPECT_EQ(error.operation(), "heartbeat");
  }
  // An HTML page with status 200 is not the success of a write.
  server.respond(Reply(200, "<html>please log in</html>", "text/html"));
  EXPECT_TRUE(fail(client().delete_collection("x")).is<RequestError>());
}

TEST_F(ErrorsTest, ResponsesOfAnotherForm) {
  server.respond(Reply(200, R"({"x":1})"));
  const auto error = fail(client().heartbeat());
  const auto* serde = error.get_if<SerdeError>();
  ASSERT_NE(serde, nullptr) << error.what();
  EXPECT_NE(serde->message.find("nanosecond heartbeat"), std::string::npos) << serde->message;
  EXPECT_EQ(error.operation(), "heartbeat");

  server.respond(Reply(200, R"({"id":1})"));
  const auto typed = fail(client().get_collection("x"));
  ASSERT_TRUE(typed.is<SerdeError>()) << typed.what();
  EXPECT_EQ(typed.get_if<SerdeError>()->path, "/id");
}

/// A server that closes each connection when it has read a request, as single-node servers do on arrays in
/// the metadata of a collection.
class ClosingServerTest : public ErrorsTest {
 protected:
  ChromaHttpClientOptions options() {
    auto result = options_for(server);
    result.endpoint = "http://127.0.0.1:" + std::to_string(closing.port());
    return result;
  }
  RawServer closing{[](RawSession& session) { session.read_request(); }};
};

TEST_F(ClosingServerTest, ArraysInTheMetadataOfACollectionAreNamed) {
  const ChromaHttpClient unlucky(runtime.executor(), options());
  const Metadata arrays{{"ok", 1}, {"tags", std::vector<std::string>{"x"}}};
  const Metadata sparse{{"sparse", SparseVector({1}, {0.5F})}};
  const auto error = fail(unlucky.create_collection("c", std::nullopt, arrays));
  ASSERT_TRUE(error.is<ValidationError>()) << error.what();
  EXPECT_EQ(error.get_if<ValidationError>()->field, "metadata.tags");
  EXPECT_FALSE(error.is_retryable());
  EXPECT_EQ(error.operation(), "create_collection");
  EXPECT_TRUE(fail(unlucky.get_or_create_collection("c", std::nullopt, sparse)).is<ValidationError>());
  // Without such metadata, a closed connection remains a RequestError.
  EXPECT_TRUE(fail(unlucky.create_collection("c", std::nullopt, Metadata{{"k", 1}})).is<RequestError>());
}

TEST_F(ErrorsTest, ConnectionRefused) {
  ChromaHttpClientOptions options;
  options.endpoint = "http://127.0.0.1:1";
  options.proxy = "";
  options.retry_options.max_retries = 0;
  const auto error = fail(ChromaHttpClient(runtime.executor(), options).heartbeat());
  const auto* request = error.get_if<RequestError>();
  ASSERT_NE(request, nullptr) << error.what();
  EXPECT_EQ(request->stage, Stage::connect);
  EXPECT_NE(request->message.find("127.0.0.1:1"), std::string::npos) << request->message;
  EXPECT_TRUE(request->code);
  EXPECT_TRUE(error.is_retryable());
}

TEST_F(ErrorsTest, Deadline) {
  std::promise<void> release;
  server.respond([released = release.get_future().share()](const Received&) {
    released.wait();
    return Reply();
  });
  CallOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto error = fail(client().with_options(options).heartbeat());
  const auto other = fail(client().with_timeout(std::chrono::milliseconds(50)).heartbeat());
  release.set_value();
  ASSERT_TRUE(other.is<RequestError>()) << other.what();
  EXPECT_EQ(other.get_if<RequestError>()->stage, Stage::timeout);
  const auto* request = error.get_if<RequestError>();
  ASSERT_NE(request, nullptr) << error.what();
  EXPECT_EQ(request->stage, Stage::timeout);
}

TEST(Errors, RetryableKinds) {
  const auto refused = boost::system::error_code(1, boost::asio::error::get_ssl_category());
  const auto reset = boost::system::error_code(boost::asio::error::connection_reset);
  const auto retryable = [](Stage stage, std::error_code code) {
    return ChromaHttpClientError(RequestError{stage, code, "x"}).is_retryable();
  };
  EXPECT_FALSE(retryable(Stage::tls, refused));
  EXPECT_TRUE(retryable(Stage::tls, reset));
  EXPECT_TRUE(retryable(Stage::read, reset));
  EXPECT_FALSE(retryable(Stage::cancelled, {}));
  EXPECT_FALSE(retryable(Stage::decode, {}));
  EXPECT_FALSE(ChromaHttpClientError(ValidationError{"x", "ids"}).is_retryable());
}

template <class T>
concept HasGetIf = requires(const ChromaHttpClientError& error) {
  error.get_if<T>();
  error.is<T>();
};
static_assert(HasGetIf<ApiError>);
static_assert(!HasGetIf<std::runtime_error> && !HasGetIf<const ApiError>);

TEST(Result, HoldsAValueAnErrorOrNothing) {
  const Result<int> nothing;
  EXPECT_FALSE(nothing.has_value());
  EXPECT_THROW(static_cast<void>(nothing.value()), std::logic_error);
  EXPECT_THROW(static_cast<void>(nothing.error()), std::logic_error);

  const Result<int> value = 7;
  EXPECT_EQ(value.value(), 7);
  EXPECT_THROW(static_cast<void>(value.error()), std::logic_error);

  const Result<int> error = ChromaHttpClientError(ValidationError{"no", "field"});
  EXPECT_FALSE(error.has_value());
  EXPECT_THROW(static_cast<void>(error.value()), ChromaHttpClientError);
  EXPECT_STREQ(error.error().what(), "Validation error: field: no");

  EXPECT_THROW(Result<void>().value(), std::logic_error);
  EXPECT_NO_THROW(Result<void>(std::monostate()).value());
}

}  // namespace
}  // namespace chroma::test

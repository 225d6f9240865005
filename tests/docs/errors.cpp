// The code of docs/errors.md, and that it does what the page says.
#include "client/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> count_or_explain(chroma::ChromaCollection colors) {
  try {
    std::cout << co_await colors.count() << " records\n";
  } catch (const chroma::ChromaHttpClientError& error) {
    std::cout << error.what() << '\n';
  }
}

asio::awaitable<std::optional<chroma::ChromaCollection>> find_collection(chroma::ChromaHttpClient client,
                                                                         std::string name) {
  auto found = co_await chroma::as_result(client.get_collection(name));
  if (found.has_value()) co_return *found;
  if (found.error().status() == 404) co_return std::nullopt;
  throw found.error();
}

std::string explain(const chroma::ChromaHttpClientError& error) {
  if (const auto* refused = error.get_if<chroma::ValidationError>()) {
    return "argument " + refused->field + ": " + refused->message;
  }
  if (const auto* api = error.get_if<chroma::ApiError>()) {
    return "status " + std::to_string(api->status) + ": " + api->message;
  }
  if (const auto* request = error.get_if<chroma::RequestError>()) {
    switch (request->stage) {
      case chroma::Stage::cancelled:
        return "cancelled";
      case chroma::Stage::timeout:
        return "no complete response in time";
      default:
        return std::string("no response, failed at stage ") + chroma::to_string(request->stage);
    }
  }
  return error.what();
}

std::string check(asio::any_io_executor executor, chroma::ChromaHttpClientOptions options) {
  try {
    chroma::ChromaHttpClient client(executor, options);
    return "fine";
  } catch (const chroma::ChromaHttpClientOptionsError& error) {
    if (error.kind() == chroma::ChromaHttpClientOptionsError::Kind::InvalidEndpoint)
      return "no usable endpoint";
    return error.what();
  }
}

using namespace chroma;
using test::printed;
using test::Reply;

class ErrorsPage : public test::ClientTest {
 protected:
  static Reply error_reply(int status, const std::string& name, const std::string& message) {
    return Reply(status, R"({"error":")" + name + R"(","message":")" + message + R"("})");
  }
};

TEST_F(ErrorsPage, ExceptionsAndResults) {
  auto colors = collection();
  server.answer(Reply(200, "3"));
  EXPECT_EQ(printed([&] { run(count_or_explain(colors)); }), "3 records\n");
  server.answer(error_reply(400, "InvalidArgumentError", "no such thing"));
  EXPECT_EQ(printed([&] { run(count_or_explain(colors)); }).substr(0, 17), "collection_count:");

  server.answer(Reply(200, test::collection_json("colors")));
  EXPECT_EQ(run(find_collection(client(), "colors")).value().name(), "colors");
  server.answer(error_reply(404, "NotFoundError", "Collection [colors] does not exist"));
  EXPECT_FALSE(run(find_collection(client(), "colors")).has_value());
  server.answer(error_reply(403, "ChromaError", "Permission denied"));
  EXPECT_EQ(fail(find_collection(client(), "colors")).status(), 403);
}

TEST_F(ErrorsPage, Kinds) {
  auto colors = collection();
  EXPECT_EQ(explain(fail(colors.add(AddRequest({"a", "b"}, {{1, 2}, {1}})))).substr(0, 20),
            "argument embeddings:");
  server.answer(error_reply(404, "NotFoundError", "Collection [x] does not exist"));
  EXPECT_EQ(explain(fail(colors.count())), "status 404: Collection [x] does not exist");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::connect, {}, "refused"})),
            "no response, failed at stage connect");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::cancelled, {}, ""})), "cancelled");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::timeout, {}, ""})),
            "no complete response in time");
  server.answer(Reply(200, "{}"));
  const auto unreadable = fail(colors.count());
  EXPECT_TRUE(unreadable.is<SerdeError>());
  EXPECT_EQ(explain(unreadable), unreadable.what());
}

TEST_F(ErrorsPage, MistakesInOptions) {
  ChromaHttpClientOptions options;
  EXPECT_EQ(check(runtime.executor(), options), "fine");
  options.endpoint = "localhost:8000";
  EXPECT_EQ(check(runtime.executor(), options), "no usable endpoint");
  options = ChromaHttpClientOptions();
  options.max_connections = 0;
  EXPECT_NE(check(runtime.executor(), options).find("max_connections"), std::string::npos);
}

}  // namespace

// Compiles the code of docs/errors.md and tests that it does what the page says.
#include "docs/fixture.hpp"
#include "docs/printed.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

namespace errors_page {
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
using chroma::testing::Fault;
using test::printed;

class ErrorsPage : public test::PageTest {};

TEST_F(ErrorsPage, ExceptionsAndResults) {
  const auto collection = colors();
  EXPECT_EQ(printed([&] { run(count_or_explain(collection)); }), "3 records\n");
  server.inject(Fault::respond(400));
  EXPECT_EQ(printed([&] { run(count_or_explain(collection)); }).substr(0, 17), "collection_count:");

  EXPECT_EQ(run(find_collection(client, "colors")).value().name(), "colors");
  EXPECT_FALSE(run(find_collection(client, "flavors")).has_value());
  server.inject(Fault::respond(403));
  EXPECT_EQ(fail(find_collection(client, "colors")).status(), 403);
}

TEST_F(ErrorsPage, Kinds) {
  const auto collection = colors();
  EXPECT_EQ(explain(fail(collection.add(AddRequest({"a", "b"}, {{1, 2}, {1}})))).substr(0, 20),
            "argument embeddings:");
  EXPECT_EQ(explain(fail(client.get_collection("x"))), "status 404: Collection [x] does not exist");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::connect, {}, "refused"})),
            "no response, failed at stage connect");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::cancelled, {}, ""})), "cancelled");
  EXPECT_EQ(explain(ChromaHttpClientError(RequestError{Stage::timeout, {}, ""})),
            "no complete response in time");
  server.inject(Fault::respond(200).body("{}"));
  const auto unreadable = fail(collection.count());
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
}  // namespace errors_page

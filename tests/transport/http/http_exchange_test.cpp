#include "transport/http_exchange.hpp"

#include "support/scripted_stream.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <string>

namespace chroma::transport {
namespace {

using test::ConnectionScript;
using test::ScriptedNetwork;

class ExchangeTest : public testing::Test {
 protected:
  Result<void> run(ConnectionScript script) {
    network->scripts = {std::move(script)};
    network->written.clear();
    reader.start();
    stream = test::make_scripted_stream(network, 0, context.get_executor());
    auto done = asio::co_spawn(
        context, as_result(exchange_on_stream(*stream, request, reader, counts, server)), asio::use_future);
    context.restart();
    context.run();
    return done.get();
  }

  std::string head = "POST / HTTP/1.1\r\n\r\n";
  std::string body = "0123456789";
  std::string server = "server:1";
  WireRequest request{head, body};
  asio::io_context context;
  std::shared_ptr<ScriptedNetwork> network = std::make_shared<ScriptedNetwork>();
  std::unique_ptr<ByteStream> stream;
  ResponseReader reader{server, ResponseLimits()};
  ByteCounts counts;
};

TEST_F(ExchangeTest, WritesAllAndReadsTheResponse) {
  ConnectionScript script;
  const std::string response = ScriptedNetwork::response("fine");
  script.reads = {response.substr(0, 7), response.substr(7)};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(network->written[0], head + body);
  EXPECT_EQ(counts.sent, head.size() + body.size());
  EXPECT_EQ(counts.received, response.size());
  EXPECT_TRUE(reader.keep_alive());
  EXPECT_EQ(reader.take().body.view(), "fine");
}

TEST_F(ExchangeTest, EarlyResponseEndsTheUpload) {
  ConnectionScript script;
  script.write_limit = head.size() + 3;
  script.reads = {ScriptedNetwork::response(413, "too much")};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(counts.sent, head.size() + 3);
  EXPECT_EQ(reader.take().status, 413);
}

TEST_F(ExchangeTest, AHeadOrAByteThatComesEarlyDoesNotEndTheUpload) {
  const std::string response = ScriptedNetwork::response("fine");
  for (const std::size_t early : {std::size_t(1), response.size() - 1}) {
    ConnectionScript script;
    script.bytes_a_write = head.size() + 3;
    script.reads = {response.substr(0, early), response.substr(early)};
    EXPECT_TRUE(run(script).has_value());
    EXPECT_EQ(network->written[0], head + body) << early;
    EXPECT_EQ(reader.take().status, 200);
  }
}

TEST_F(ExchangeTest, InterimResponsesDoNotEndTheUpload) {
  ConnectionScript script;
  script.bytes_a_write = 10;
  script.reads = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n",
                  ScriptedNetwork::response("fine")};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(network->written[0], head + body);
  EXPECT_EQ(reader.take().status, 200);
}

TEST_F(ExchangeTest, TheUploadGoesOnWhileAResponseOfSuccessBegins) {
  ConnectionScript script;
  script.bytes_a_write = 10;
  const std::string response = ScriptedNetwork::response("fine");
  script.reads = {response.substr(0, 1), response.substr(1)};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(network->written[0], (head + body).substr(0, 20));
  script.reads = {response.substr(0, 1), response.substr(1, 30), response.substr(31)};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(network->written[0], head + body);
}

TEST_F(ExchangeTest, TheUploadEndsWithTheHeadOfAnError) {
  ConnectionScript script;
  script.bytes_a_write = 10;
  const std::string response = ScriptedNetwork::response(413, "too much");
  script.reads = {response.substr(0, response.size() - 4), response.substr(response.size() - 4)};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(network->written[0], (head + body).substr(0, 10));
  EXPECT_EQ(reader.take().body.view(), "too much");
}

TEST_F(ExchangeTest, ResponseIsReadEvenIfWritingFails) {
  ConnectionScript script;
  script.write_failure = asio::error::broken_pipe;
  script.reads = {ScriptedNetwork::response(413, "too much")};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_EQ(reader.take().status, 413);
}

TEST_F(ExchangeTest, WriteFailureWithoutResponseIsTheError) {
  ConnectionScript script;
  script.write_failure = asio::error::broken_pipe;
  const auto result = run(script);
  ASSERT_FALSE(result.has_value());
  const auto* error = result.error().get_if<RequestError>();
  EXPECT_EQ(error->stage, Stage::write);
  EXPECT_NE(error->message.find(server), std::string::npos);
  EXPECT_EQ(counts.sent, 0u);
}

TEST_F(ExchangeTest, ReadFailureIsTheError) {
  ConnectionScript script;
  script.read_failure = asio::error::connection_reset;
  const auto result = run(script);
  ASSERT_FALSE(result.has_value());
  const auto* error = result.error().get_if<RequestError>();
  EXPECT_EQ(error->stage, Stage::read);
  EXPECT_EQ(error->code, std::error_code(boost::system::error_code(asio::error::connection_reset)));
}

TEST_F(ExchangeTest, BodyUntilCloseEndsWithTheStream) {
  ConnectionScript script;
  script.reads = {"HTTP/1.1 200 OK\r\n\r\nhe", "llo"};
  EXPECT_TRUE(run(script).has_value());
  EXPECT_FALSE(reader.keep_alive());
  EXPECT_EQ(reader.take().body.view(), "hello");
}

TEST_F(ExchangeTest, ResetIsNoEndOfABodyUntilClose) {
  ConnectionScript script;
  script.reads = {"HTTP/1.1 200 OK\r\n\r\nhe"};
  script.read_failure = asio::error::connection_reset;
  EXPECT_FALSE(run(script).has_value());
}

}  // namespace
}  // namespace chroma::transport

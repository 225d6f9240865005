// Servers on the loopback that do what no server should.

#include "support/raw_server.hpp"
#include "transport/http_transport.hpp"
#include "transport/network_connector.hpp"

#include <chroma/error.hpp>
#include <chroma/result.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <string>

namespace chroma::transport {
namespace {

using test::RawServer;
using test::RawSession;

HttpRequest get() {
  HttpRequest request;
  request.operation = "heartbeat";
  request.method = "GET";
  request.target = "/api/v2/heartbeat";
  request.read_only = true;
  return request;
}

HttpRequest post(std::string body) {
  HttpRequest request;
  request.operation = "collection_add";
  request.method = "POST";
  request.target = "/api/v2/add";
  request.body = core::Buffer(body);
  return request;
}

class MisbehavingServerTest : public testing::Test {
 protected:
  HttpTransport& connect(const RawServer& server) {
    options.origin = server.origin();
    transport.emplace(context.get_executor(), make_network_connector(options.origin, TlsOptions(), ""),
                      options);
    return *transport;
  }

  Result<HttpResponse> run(HttpRequest request, CallLimits limits = CallLimits()) {
    auto outcome =
        asio::co_spawn(context, as_result(transport->send(std::move(request), limits)), asio::use_future);
    context.restart();
    context.run();
    return outcome.get();
  }

  asio::io_context context;
  TransportOptions options;
  std::optional<HttpTransport> transport;
};

TEST_F(MisbehavingServerTest, AnswersAndKeepsTheConnection) {
  const RawServer server([](RawSession& session) {
    while (session.read_request()) session.answer("fine");
  });
  connect(server);
  for (int i = 0; i < 3; ++i) {
    const auto result = run(get());
    ASSERT_TRUE(result.has_value()) << result.error().what();
    EXPECT_EQ((*result).body.view(), "fine");
  }
  EXPECT_EQ(server.accepted(), 1u);
}

TEST_F(MisbehavingServerTest, TruncatedBodyIsAnError) {
  const RawServer server([](RawSession& session) {
    session.read_request();
    session.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour");
  });
  connect(server);
  const auto result = run(post("x"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().get_if<RequestError>()->stage, Stage::read);
}

}  // namespace
}  // namespace chroma::transport

// Whole calls over TLS and through proxies.

#include "client_side.hpp"
#include "transport/http_transport.hpp"

#include <chroma/result.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>

namespace chroma::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using transport::CallLimits;
using transport::HttpRequest;
using transport::HttpResponse;
using transport::HttpTransport;
using transport::TransportOptions;

HttpRequest request(std::string method, bool read_only, const std::string& body = {}) {
  HttpRequest result;
  result.operation = "operation";
  result.method = std::move(method);
  result.target = "/api/v2/x";
  result.read_only = read_only;
  result.body = std::make_shared<const core::Buffer>(body);
  return result;
}
HttpRequest read() {
  return request("GET", true);
}
HttpRequest write(const std::string& body = "body") {
  return request("POST", false, body);
}

const std::string fine = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine";

std::string read_request(Peer& peer, std::size_t body) {
  std::string text = peer.read_until("\r\n\r\n");
  return text + peer.read(body);
}

/// A call to a server that behaves as `session` says; what it left behind would keep the loop running.
class CallTest : public testing::Test {
 protected:
  void serve(LoopbackServer::Session session) {
    server_ = std::make_unique<LoopbackServer>(std::move(session));
    options_.origin = server_->origin(true);
    limits_.retry.min_delay = 0ms;
  }
  void connect_through(const std::string& proxy = {}) {
    transport_ = std::make_unique<HttpTransport>(
        loop_.strand(), connector_to(options_.origin, trust().options(), proxy), options_);
  }
  Result<HttpResponse> call(HttpRequest what) {
    if (!transport_) connect_through();
    return loop_.run(as_result(transport_->request(std::move(what), limits_)));
  }
  RequestError failure(HttpRequest what) {
    const auto result = call(std::move(what));
    if (!result.has_value()) return *result.error().get_if<RequestError>();
    ADD_FAILURE() << "a response was received";
    return {};
  }

  std::atomic<int> requests_ = 0;
  std::promise<std::string> seen_;  ///< Set by the server, so it outlives it.
  std::unique_ptr<LoopbackServer> server_;
  TransportOptions options_;
  CallLimits limits_;
  Loop loop_;
  std::unique_ptr<HttpTransport> transport_;
};

TEST_F(CallTest, TlsCarriesCallsOnOneConnection) {
  serve([](Peer& peer) {
    peer.start_tls(trust().server_tls());
    for (;;) {
      static_cast<void>(read_request(peer, 4));
      peer.write(fine);
    }
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ((*call(write())).body.view(), "fine");
  EXPECT_EQ(server_->accepted(), 1);
}

TEST_F(CallTest, TlsByteByByteWorks) {
  serve([](Peer& peer) {
    peer.start_tls(trust().server_tls());
    static_cast<void>(read_request(peer, 4));
    const std::string response =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nne\r\n0\r\n\r\n";
    for (const char& byte : response) peer.write({&byte, 1});
    peer.read_to_end();
  });
  EXPECT_EQ((*call(write())).body.view(), "fine");
}

TEST_F(CallTest, AnEarlyErrorResponseOverTlsIsRead) {
  serve([](Peer& peer) {
    peer.start_tls(trust().server_tls());
    static_cast<void>(peer.read_until("\r\n\r\n"));
    peer.write("HTTP/1.1 413 Too Large\r\ncontent-length: 8\r\n\r\ntoo much");
    peer.read_to_end();
  });
  const auto result = call(write(std::string(20'000'000, 'x')));
  ASSERT_TRUE(result.has_value()) << result.error().what();
  EXPECT_EQ((*result).status, 413);
  EXPECT_EQ((*result).body.view(), "too much");
}

TEST_F(CallTest, ATruncatedTlsResponseIsAnError) {
  serve([this](Peer& peer) {
    peer.start_tls(trust().server_tls());
    static_cast<void>(peer.read_until("\r\n\r\n"));
    // Half of it, on the first connection only; without a length only TLS can tell.
    peer.write(++requests_ == 1 ? "HTTP/1.1 200 OK\r\n\r\nfi" : "HTTP/1.1 200 OK\r\n\r\nfine");
    if (requests_ > 1) peer.say_goodbye();
    peer.close();
  });
  const auto result = call(read());
  ASSERT_TRUE(result.has_value()) << result.error().what();
  EXPECT_EQ((*result).attempts, 2u);
  EXPECT_EQ((*result).body.view(), "fine");
}

TEST_F(CallTest, ARefusedClientCertificateIsExplainedAndNotTriedAgain) {
  ServerTls tls = trust().server_tls();
  tls.client_authority = trust().authority.certificate();
  serve([tls](Peer& peer) { peer.start_tls(tls); });
  const auto result = call(read());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().get_if<RequestError>()->stage, Stage::tls);
  EXPECT_THAT(result.error().what(), AllOf(HasSubstr("TLS with " + server_->origin().authority()),
                                           HasSubstr("tls.client_certificate")));
  EXPECT_EQ(result.error().attempts(), 1u);
}

TEST_F(CallTest, PlainHttpGoesToTheProxyInAbsoluteForm) {
  serve([this](Peer& peer) {
    seen_.set_value(read_request(peer, 4));
    peer.write(fine);
    peer.read_to_end();
  });
  options_.origin = transport::parse_url("http://inner.test:8000").origin;
  connect_through("http://user:sesame@" + server_->origin().authority());
  EXPECT_EQ((*call(write())).body.view(), "fine");
  EXPECT_THAT(seen_.get_future().get(),
              AllOf(StartsWith("POST http://inner.test:8000/api/v2/x HTTP/1.1\r\nhost: inner.test:8000\r\n"),
                    HasSubstr("proxy-authorization: Basic dXNlcjpzZXNhbWU=\r\n")));
}

TEST_F(CallTest, HttpsGoesThroughATunnel) {
  serve([this](Peer& peer) {
    std::string text = peer.read_until("\r\n\r\n");
    peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
    peer.start_tls(trust().server_tls());
    seen_.set_value(text + read_request(peer, 4));
    peer.write(fine);
    peer.read_to_end();
  });
  options_.origin = transport::parse_url("https://inner.test:8443").origin;
  connect_through("http://user:sesame@" + server_->origin().authority());
  EXPECT_EQ((*call(write())).body.view(), "fine");
  const std::string seen = seen_.get_future().get();
  EXPECT_THAT(seen, AllOf(StartsWith("CONNECT inner.test:8443 HTTP/1.1\r\n"),
                          HasSubstr("\r\n\r\nPOST /api/v2/x HTTP/1.1\r\nhost: inner.test:8443\r\n")));
  // The proxy's credentials are not the server's business.
  EXPECT_EQ(seen.find("proxy-authorization", seen.find("POST")), std::string::npos);
}

TEST_F(CallTest, AProxyThatRequiresAPasswordIsAnError) {
  const std::string refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
  serve([refusal](Peer& peer) {
    static_cast<void>(peer.read_until("\r\n\r\n"));
    peer.write(refusal);
    peer.read_to_end();
  });
  options_.origin = transport::parse_url("https://inner.test").origin;
  connect_through(server_->origin().to_string());
  const RequestError error = failure(read());
  EXPECT_EQ(error.stage, Stage::proxy);
  EXPECT_THAT(error.message, AllOf(HasSubstr("407"), HasSubstr("user and password")));
  EXPECT_EQ(server_->accepted(), 1);
  // With plain http the refusal is the response to the request itself. It is not repeated either.
  options_.origin = transport::parse_url("http://inner.test").origin;
  const std::string proxy = server_->origin().authority();
  connect_through("http://user:sesame@" + proxy);
  const RequestError plain = failure(read());
  EXPECT_EQ(plain.stage, Stage::proxy);
  EXPECT_THAT(plain.message, AllOf(HasSubstr("request to inner.test:80 through proxy " + proxy + " refused"),
                                   HasSubstr("407"), HasSubstr("user and password")));
  EXPECT_THAT(plain.message, Not(HasSubstr("sesame")));
  EXPECT_EQ(server_->accepted(), 2);
}

TEST_F(CallTest, OfAServerThatIsReachedDirectly407IsAResponse) {
  serve([](Peer& peer) {
    static_cast<void>(peer.read_until("\r\n\r\n"));
    peer.write("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    peer.read_to_end();
  });
  options_.origin = server_->origin();
  EXPECT_EQ((*call(read())).status, 407);
}

TEST_F(CallTest, ConnectingHasATimeLimitOfItsOwn) {
  const SilentPort silent;
  options_.origin = silent.origin();
  options_.connect_timeout = 50ms;
  limits_.deadline = Clock::now() + 1h;
  const RequestError error = failure(write());
  EXPECT_EQ(error.stage, Stage::timeout);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("connect to " + silent.origin().authority()), HasSubstr("firewall")));
}

}  // namespace
}  // namespace chroma::test

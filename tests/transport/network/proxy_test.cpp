// Which proxy is taken, and what is said to it.

#include "transport/proxy.hpp"

#include "client_side.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <stdexcept>

namespace chroma::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using transport::bypasses_proxy;
using transport::parse_url;
using transport::Proxy;

using Variables = std::map<std::string, std::string>;

std::optional<Proxy> chosen(const std::string& url, const Variables& variables,
                            const std::optional<std::string>& option = std::nullopt) {
  return transport::choose_proxy(parse_url(url).origin, option, [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

std::string proxy_of(const std::string& url, const Variables& variables,
                     const std::optional<std::string>& option = std::nullopt) {
  const auto proxy = chosen(url, variables, option);
  return proxy ? proxy->address.to_string() : "direct";
}

std::string refusal(const std::string& url, const Variables& variables,
                    const std::optional<std::string>& option = std::nullopt) {
  try {
    static_cast<void>(chosen(url, variables, option));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ProxyTest, ReadsTheEnvironmentAsCurlDoes) {
  struct Case {
    const char* url;
    Variables variables;
    const char* expected;
  };
  const Case cases[] = {
      {"http://h", {}, "direct"},
      {"http://h", {{"http_proxy", "http://p:3128"}}, "http://p:3128"},
      {"http://h", {{"HTTP_PROXY", "http://p:3128"}}, "direct"},
      {"http://h", {{"https_proxy", "http://p:3128"}}, "direct"},
      {"https://h", {{"http_proxy", "http://p:3128"}}, "direct"},
      {"https://h", {{"https_proxy", "http://p:3128"}}, "http://p:3128"},
      {"https://h", {{"HTTPS_PROXY", "http://p:3128"}}, "http://p:3128"},
      {"https://h", {{"HTTPS_PROXY", "http://b:1"}, {"https_proxy", "http://a:1"}}, "http://a:1"},
      {"https://h", {{"HTTPS_PROXY", "http://b:1"}, {"https_proxy", ""}}, "http://b:1"},
      {"http://h", {{"ALL_PROXY", "http://p:1"}}, "http://p:1"},
      {"https://h", {{"all_proxy", "http://a:1"}, {"ALL_PROXY", "http://b:1"}}, "http://a:1"},
      {"https://h", {{"ALL_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:1"}}, "http://b:1"},
      {"http://h", {{"http_proxy", "p"}}, "http://p:1080"},
      {"http://h", {{"http_proxy", "p:3128/ignored"}}, "http://p:3128"},
      {"http://h", {{"http_proxy", "https://p"}}, "https://p:443"},
      {"http://h", {{"http_proxy", "[::1]:3128"}}, "http://[::1]:3128"},
      {"http://h", {{"http_proxy", "p:1"}, {"no_proxy", "h"}}, "direct"},
      {"http://h", {{"http_proxy", "p:1"}, {"NO_PROXY", "h"}}, "direct"},
      {"http://h", {{"http_proxy", "p:1"}, {"NO_PROXY", "h"}, {"no_proxy", "other"}}, "http://p:1"},
      {"http://h", {{"http_proxy", "p:1"}, {"NO_PROXY", "*"}}, "direct"},
  };
  for (const Case& each : cases) {
    std::string text = each.url;
    for (const auto& [name, value] : each.variables) text += " " + name + "=" + value;
    EXPECT_EQ(proxy_of(each.url, each.variables), each.expected) << text;
  }
}

TEST(ProxyTest, TheOptionWinsOverTheEnvironment) {
  const Variables variables = {{"http_proxy", "http://p:1"}, {"no_proxy", "*"}};
  EXPECT_EQ(proxy_of("http://h", variables, "http://option:8080"), "http://option:8080");
  EXPECT_EQ(proxy_of("http://h", {{"http_proxy", "http://p:1"}}, ""), "direct");
}

TEST(ProxyTest, MatchesNoProxyLists) {
  struct Case {
    const char* url;
    const char* list;
    bool bypassed;
  };
  const Case cases[] = {
      {"http://example.com", "", false},
      {"http://example.com", "*", true},
      {"http://example.com", "example.com", true},
      {"http://example.com", "Example.COM", true},
      {"http://example.com", ".example.com", true},
      {"http://www.example.com", "example.com", true},
      {"http://www.example.com", ".example.com", true},
      {"http://badexample.com", "example.com", false},
      {"http://example.com", "ample.com", false},
      {"http://example.com", "www.example.com", false},
      {"http://example.com.", "example.com", true},
      {"http://example.com", "example.com.", true},
      {"http://example.com", "a, b,example.com", true},
      {"http://example.com", " ,, example.com ,", true},
      {"http://example.com", "a b example.com", true},
      {"http://example.com", ".", false},
      {"http://example.com:8000", "example.com:8000", true},
      {"http://example.com", "example.com:80", true},
      {"https://example.com", "example.com:80", false},
      {"http://example.com:8000", "example.com:x", false},
      {"http://127.0.0.1:8000", "127.0.0.1", true},
      {"http://127.0.0.1", "0.0.1", false},
      {"http://10.1.2.3", "10.0.0.0/8", true},
      {"http://11.1.2.3", "10.0.0.0/8", false},
      {"http://192.168.5.9", "192.168.4.0/22", true},
      {"http://192.168.8.9", "192.168.4.0/22", false},
      {"http://1.2.3.4", "0.0.0.0/0", true},
      {"http://1.2.3.4", "1.2.3.4/33", false},
      {"http://1.2.3.4", "1.2.3.4/x", false},
      {"http://[::1]", "::1", true},
      {"http://[::1]", "[::1]", true},
      {"http://[::1]:8000", "[::1]:8000", true},
      {"http://[::1]:8000", "[::1]:9000", false},
      {"http://[2001:db8::5]", "2001:db8::/32", true},
      {"http://[2001:db9::5]", "2001:db8::/32", false},
      {"http://[::1]", "127.0.0.1", false},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(bypasses_proxy(parse_url(each.url).origin, each.list), each.bypassed)
        << each.url << " " << each.list;
  }
}

TEST(ProxyTest, MakesBasicCredentials) {
  EXPECT_EQ(chosen("http://h", {}, "http://user:pass@p:1")->authorization, "Basic dXNlcjpwYXNz");
  EXPECT_EQ(chosen("http://h", {}, "http://a%40b:c%3Ad@p:1")->authorization, "Basic YUBiOmM6ZA==");
  EXPECT_EQ(chosen("http://h", {}, "http://p:1")->authorization, "");
}

TEST(ProxyTest, RefusesWithoutRepeatingAPassword) {
  EXPECT_THAT(refusal("http://h", {{"http_proxy", "socks5://user:sesame@p:1"}}),
              AllOf(HasSubstr("http_proxy"), HasSubstr("SOCKS"), Not(HasSubstr("sesame"))));
  EXPECT_THAT(refusal("https://h", {{"ALL_PROXY", "http://user:sesame@p:x"}}),
              AllOf(HasSubstr("ALL_PROXY"), HasSubstr("port"), Not(HasSubstr("sesame"))));
  for (const char* proxy :
       {"user:sesame://x@p", "sesame://x@p", "http://[sesame]/x@p", "http://user$sesame@p:x"}) {
    EXPECT_THAT(refusal("https://h", {}, proxy), AllOf(HasSubstr("proxy"), Not(HasSubstr("sesame"))))
        << proxy;
  }
  EXPECT_THAT(refusal("https://h", {}, "ftp://p"), AllOf(HasSubstr("proxy option"), HasSubstr("ftp")));
}

TEST(ProxyTest, PlainHttpNamesTheServerInEveryRequest) {
  const auto connector = make_network_connector(parse_url("http://h:8000").origin, TlsOptions(),
                                                "http://user:pass@p:1", bare_hooks());
  EXPECT_EQ(connector->route().target_prefix, "http://h:8000");
  const Headers expected = {{"proxy-authorization", "Basic dXNlcjpwYXNz"}};
  EXPECT_EQ(connector->route().headers, expected);
}

TEST(ProxyTest, HttpsAndDirectConnectionsAddNothing) {
  const auto tunnelled =
      make_network_connector(parse_url("https://h").origin, TlsOptions(), "http://u:p@p:1", bare_hooks());
  EXPECT_EQ(tunnelled->route().target_prefix, "");
  EXPECT_TRUE(tunnelled->route().headers.empty());
  const auto direct =
      make_network_connector(parse_url("http://h").origin, TlsOptions(), std::nullopt, bare_hooks());
  EXPECT_EQ(direct->route().target_prefix, "");
  EXPECT_TRUE(direct->route().headers.empty());
}

TEST(ProxyTest, ReadsTheVariablesWhenMade) {
  transport::NetworkHooks hooks = bare_hooks();
  hooks.variable = [](const char* name) {
    return std::string("http_proxy") == name ? "http://p:1" : nullptr;
  };
  const auto connector =
      make_network_connector(parse_url("http://h").origin, TlsOptions(), std::nullopt, std::move(hooks));
  EXPECT_EQ(connector->route().target_prefix, "http://h");
}

/// Connects to https://inner.test:8443 through a proxy that behaves as `session` says.
class TunnelTest : public testing::Test {
 protected:
  void serve(LoopbackServer::Session session) {
    server_ = std::make_unique<LoopbackServer>(std::move(session));
    transport::Origin origin = server_->origin(true);
    origin.host = "inner.test";
    origin.port = 8443;
    connector_ =
        connector_to(origin, trust().options(), "http://user:sesame@" + server_->origin().authority());
  }
  /// The proxy responds to every CONNECT with this text and closes the connection.
  void respond(const std::string& text) {
    serve([text](Peer& peer) {
      static_cast<void>(peer.read_until("\r\n\r\n"));
      peer.write(text);
    });
  }
  std::string failure() {
    const RequestError error = failure_of(loop_, *connector_);
    EXPECT_EQ(error.stage, Stage::proxy);
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("inner.test:8443"), HasSubstr("proxy " + server_->origin().authority()),
                      Not(HasSubstr("sesame"))));
    return error.message;
  }

  std::promise<std::string> request_;  ///< The server sets it, so it outlives the server.
  std::unique_ptr<LoopbackServer> server_;
  std::unique_ptr<transport::Connector> connector_;
  Loop loop_;
};

TEST_F(TunnelTest, OpensATunnelAndHandshakesThroughIt) {
  serve([&](Peer& peer) {
    request_.set_value(peer.read_until("\r\n\r\n"));
    peer.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 ");
    peer.write("200 OK\r\nx: y\r\n\r\n");
    peer.start_tls(trust().server_tls());
    peer.write("hello");
    peer.read_to_end();
  });
  const auto stream = loop_.run(connector_->connect(loop_.strand(), Clock::time_point::max()));
  EXPECT_EQ(loop_.run(receive(*stream, 5)), "hello");
  EXPECT_EQ(request_.get_future().get(),
            "CONNECT inner.test:8443 HTTP/1.1\r\nhost: inner.test:8443\r\n"
            "proxy-authorization: Basic dXNlcjpzZXNhbWU=\r\n\r\n");
}

TEST_F(TunnelTest, ExplainsARefusal) {
  respond("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
  EXPECT_THAT(failure(), AllOf(HasSubstr("status 407"), HasSubstr("user and password")));
  respond("HTTP/1.1 403 Forbidden\r\n\r\nno");
  EXPECT_THAT(failure(), AllOf(HasSubstr("status 403"), HasSubstr("allow tunnels")));
  respond("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("cannot reach the server"));
  respond("HTTP/1.1 403\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("status 403"));
  respond("HTTP/1.1 404 Not Found\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("support the method CONNECT"));
}

TEST_F(TunnelTest, RefusesAnInvalidResponse) {
  respond("SSH-2.0-OpenSSH\r\n");
  EXPECT_THAT(failure(), HasSubstr("not valid HTTP (bad version): is it an HTTP proxy?"));
  respond("HTTP/1.1 2xx\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("not valid HTTP (bad status)"));
  respond("HTTP/2.0 200 OK\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("not valid HTTP (bad version)"));
  respond("HTTP/1.1 200 OK\r\n\r\nunasked");
  EXPECT_THAT(failure(), HasSubstr("more than its response"));
  respond("HTTP/1.1 200 OK\r\nx: " + std::string(100'000, 'x'));
  EXPECT_THAT(failure(), HasSubstr("not valid HTTP (header limit exceeded)"));
}

TEST_F(TunnelTest, NoticesThatTheProxyCloses) {
  for (const char* text : {"", "HTTP", "HTTP/1.1 200 OK\r\n"}) {
    respond(text);
    EXPECT_THAT(failure(), HasSubstr("closed the connection"));
  }
  serve([](Peer&) {});
  EXPECT_THAT(failure(), HasSubstr("closed the connection"));
}

TEST_F(TunnelTest, NamesAnUnreachableProxy) {
  transport::Origin origin;
  origin.tls = true;
  origin.host = "inner.test";
  const std::string proxy = "127.0.0.1:" + std::to_string(closed_port());
  const auto connector = connector_to(origin, trust().options(), "http://" + proxy);
  const RequestError error = failure_of(loop_, *connector);
  EXPECT_EQ(error.stage, Stage::connect);
  EXPECT_THAT(error.message, AllOf(HasSubstr("proxy " + proxy), HasSubstr("refused")));
}

TEST_F(TunnelTest, ChecksTheCertificateOfAnHttpsProxy) {
  ServerTls tls;
  tls.identity = trust().authority.issue("DNS:other.test");
  const LoopbackServer server([tls](Peer& peer) { peer.start_tls(tls); });
  transport::Origin origin;
  origin.host = "inner.test";
  const auto connector = connector_to(origin, trust().options(), server.origin(true).to_string());
  const RequestError error = failure_of(loop_, *connector);
  EXPECT_EQ(error.stage, Stage::tls);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("proxy " + server.origin().authority()), HasSubstr("other.test")));
}

}  // namespace
}  // namespace chroma::test

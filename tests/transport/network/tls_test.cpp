// TLS: which certificates are accepted, what the client sends, and the messages of errors.

#include "client_side.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace chroma::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

LoopbackServer::Session tls_session(ServerTls tls) {
  return [tls = std::move(tls)](Peer& peer) {
    peer.start_tls(tls);
    peer.read_to_end();
  };
}

ServerTls shows(Identity identity) {
  ServerTls tls;
  tls.identity = std::move(identity);
  return tls;
}

/// Every name leads to this server.
std::unique_ptr<transport::Connector> connector_by_name(const LoopbackServer& server, const std::string& name,
                                                        TlsOptions tls = trust().options()) {
  transport::Origin origin = server.origin(true);
  origin.host = name;
  return make_network_connector(origin, std::move(tls), std::string(), hooks_with({server.endpoint()}));
}

void expect_connects(transport::Connector& connector) {
  Loop loop;
  const auto stream = loop.run(connector.connect(loop.strand(), Clock::time_point::max()));
  EXPECT_TRUE(stream->is_reusable());
}

RequestError tls_failure(transport::Connector& connector) {
  Loop loop;
  RequestError error = failure_of(loop, connector);
  EXPECT_EQ(error.stage, Stage::tls) << error.message;
  EXPECT_TRUE(error.code) << error.message;
  return error;
}

std::string refused_options(const TlsOptions& tls) {
  try {
    const transport::TlsContext context(tls);
  } catch (const ChromaHttpClientError& error) {
    const auto* request = error.get_if<RequestError>();
    EXPECT_TRUE(request != nullptr && request->stage == Stage::tls);
    return error.what();
  }
  return "accepted";
}

TEST(TlsTest, AcceptsTheAddressesAndNamesOfTheCertificate) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  expect_connects(*connector_to(server.origin(true)));
  for (const char* name : {"localhost", "inner.test", "a.wild.test", "inner.test."}) {
    expect_connects(*connector_by_name(server, name));
  }
}

TEST(TlsTest, AcceptsAnIpv6Address) try {
  const LoopbackServer server(tls_session(trust().server_tls()), "::1");
  expect_connects(*connector_to(server.origin(true)));
} catch (const boost::system::system_error&) {
  GTEST_SKIP() << "this machine has no IPv6";
}

TEST(TlsTest, SendsTheNameButNoAddressAsServerName) {
  std::promise<std::string> hellos[2];
  int next = 0;
  const LoopbackServer server([&](Peer& peer) { hellos[next++].set_value(peer.read_some()); });
  static_cast<void>(tls_failure(*connector_by_name(server, "inner.test")));
  EXPECT_THAT(hellos[0].get_future().get(), AllOf(HasSubstr("inner.test"), HasSubstr("http/1.1")));
  static_cast<void>(tls_failure(*connector_to(server.origin(true))));
  EXPECT_THAT(hellos[1].get_future().get(), testing::Not(HasSubstr("127.0.0.1")));
}

TEST(TlsTest, AcceptsADirectoryOfAuthorities) {
  const TemporaryFolder folder;
  static_cast<void>(folder.write(trust().authority.hashed_name(), trust().authority.certificate()));
  TlsOptions tls;
  tls.ca_path = folder.path();
  const LoopbackServer server(tls_session(trust().server_tls()));
  expect_connects(*connector_to(server.origin(true), tls));
}

TEST(TlsTest, RefusesAnUnknownAuthority) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  EXPECT_THAT(
      tls_failure(*connector_to(server.origin(true), TlsOptions())).message,
      AllOf(HasSubstr(server.origin().authority()), HasSubstr("not trusted here"), HasSubstr("tls.ca_file")));
  const Authority other("authority of the tests");
  const LoopbackServer impostor(tls_session(shows(other.issue("IP:127.0.0.1"))));
  EXPECT_TRUE(tls_failure(*connector_to(impostor.origin(true))).code);
}

TEST(TlsTest, RefusesAnotherName) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  for (const char* name : {"evil.test", "wild.test", "a.b.wild.test", "xinner.test"}) {
    EXPECT_THAT(
        tls_failure(*connector_by_name(server, name)).message,
        AllOf(HasSubstr("is made for localhost, inner.test"), HasSubstr(std::string("not for ") + name)));
  }
}

TEST(TlsTest, NamesOfTheCertificateAreShownShort) {
  const std::string name(4'000, 'a');
  const LoopbackServer server(
      tls_session(shows(trust().authority.issue("DNS:" + name + ".test,DNS:b" + name + ".test"))));
  const std::string text = tls_failure(*connector_to(server.origin(true))).message;
  EXPECT_LT(text.size(), 1'000U);
  EXPECT_THAT(text, AllOf(HasSubstr("aaa..., baaa"), HasSubstr("not for 127.0.0.1")));
}

TEST(TlsTest, RefusesAnotherAddress) {
  const LoopbackServer server(tls_session(shows(trust().authority.issue("DNS:localhost,IP:10.1.2.3"))));
  EXPECT_THAT(tls_failure(*connector_to(server.origin(true))).message,
              HasSubstr("is made for localhost, 10.1.2.3, not for 127.0.0.1"));
  // A name that reads like the address is no address.
  const LoopbackServer named(tls_session(shows(trust().authority.issue("DNS:127.0.0.1"))));
  EXPECT_THAT(tls_failure(*connector_to(named.origin(true))).message, HasSubstr("not for 127.0.0.1"));
  const LoopbackServer nameless(tls_session(shows(trust().authority.issue(""))));
  EXPECT_THAT(tls_failure(*connector_to(nameless.origin(true))).message, HasSubstr("no name at all"));
}

TEST(TlsTest, RefusesCertificatesOutOfTheirTime) {
  const LoopbackServer late(tls_session(shows(trust().authority.issue("IP:127.0.0.1", -5, -2))));
  EXPECT_THAT(tls_failure(*connector_to(late.origin(true))).message, HasSubstr("has expired at "));
  const LoopbackServer early(tls_session(shows(trust().authority.issue("IP:127.0.0.1", 2, 5))));
  EXPECT_THAT(tls_failure(*connector_to(early.origin(true))).message, HasSubstr("not valid yet, but from "));
}

TEST(TlsTest, AcceptsEverythingWithoutVerification) {
  TlsOptions tls;
  tls.verify_peer = false;
  const LoopbackServer server(tls_session(shows(Authority("nobody").issue("DNS:other.test", -5, -2))));
  expect_connects(*connector_to(server.origin(true), tls));
}

TEST(TlsTest, ShowsTheClientsCertificate) {
  const Identity client = trust().authority.issue("DNS:client.test");
  const TemporaryFolder folder;
  TlsOptions two_files = trust().options();
  two_files.client_certificate = folder.write("client.pem", client.certificate);
  two_files.client_key = folder.write("client.key", client.key);
  TlsOptions one_file = trust().options();
  one_file.client_certificate = folder.write("both.pem", client.certificate + client.key);
  for (const bool only_tls_1_2 : {false, true}) {
    ServerTls tls = trust().server_tls();
    tls.client_authority = trust().authority.certificate();
    tls.only_tls_1_2 = only_tls_1_2;
    const LoopbackServer server([tls](Peer& peer) {
      peer.start_tls(tls);
      peer.write("welcome");
      peer.read_to_end();
    });
    for (const TlsOptions& options : {two_files, one_file}) {
      Loop loop;
      const auto connector = connector_to(server.origin(true), options);
      const auto stream = loop.run(connector->connect(loop.strand(), Clock::time_point::max()));
      EXPECT_EQ(loop.run(receive(*stream, 7)), "welcome");
    }
  }
}

TEST(TlsTest, SaysThatAClientCertificateIsMissing) {
  ServerTls tls = trust().server_tls();
  tls.client_authority = trust().authority.certificate();
  tls.only_tls_1_2 = true;
  const LoopbackServer server(tls_session(tls));
  EXPECT_THAT(tls_failure(*connector_to(server.origin(true))).message, HasSubstr("tls.client_certificate"));

  // TLS 1.3 lets the client finish first: the refusal is what it reads.
  tls.only_tls_1_2 = false;
  const LoopbackServer newer(tls_session(tls));
  Loop loop;
  const auto connector = connector_to(newer.origin(true));
  const auto stream = loop.run(connector->connect(loop.strand(), Clock::time_point::max()));
  try {
    static_cast<void>(loop.run(receive(*stream, 1)));
    ADD_FAILURE() << "read something";
  } catch (const ChromaHttpClientError& error) {
    EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::tls);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("TLS with " + newer.origin().authority()),
                                    HasSubstr("certificate required"), HasSubstr("tls.client_certificate")));
  }
}

TEST(TlsTest, SaysThatTheServerSpeaksPlainHttp) {
  const LoopbackServer server([](Peer& peer) {
    static_cast<void>(peer.read_some());
    peer.write("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    peer.read_to_end();
  });
  EXPECT_THAT(tls_failure(*connector_to(server.origin(true))).message, HasSubstr("write http://"));
}

TEST(TlsTest, SaysThatTheServerClosedDuringTheHandshake) {
  const LoopbackServer server([](Peer& peer) { static_cast<void>(peer.read(100)); });
  EXPECT_THAT(tls_failure(*connector_to(server.origin(true))).message,
              HasSubstr("does it speak TLS on this port?"));
}

TEST(TlsTest, APlainClientGetsAnAlertOrACloseFromATlsServer) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  Loop loop;
  const auto connector = connector_to(server.origin(false));
  const auto stream = loop.run(connector->connect(loop.strand(), Clock::time_point::max()));
  const std::string_view request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
  EXPECT_EQ(loop.run(send(*stream, {request})), request.size());
  try {
    EXPECT_EQ(loop.run(receive(*stream, 1)), "\x15");
  } catch (const boost::system::system_error& error) {
    EXPECT_TRUE(error.code() == asio::error::eof || error.code() == asio::error::connection_reset);
  }
}

TEST(TlsTest, NamesTheFileThatCannotBeUsed) {
  const TemporaryFolder folder;
  const Identity client = trust().authority.issue("DNS:client.test");
  const Identity other = trust().authority.issue("DNS:other.test");
  const std::string garbage = folder.write("garbage.pem", "no certificate");
  const std::string certificate = folder.write("client.pem", client.certificate);

  TlsOptions tls;
  tls.ca_file = folder.path() + "/absent.pem";
  EXPECT_THAT(refused_options(tls),
              AllOf(HasSubstr("tls.ca_file"), HasSubstr("absent.pem"), HasSubstr("not exist")));
  tls.ca_file = garbage;
  EXPECT_THAT(refused_options(tls), AllOf(HasSubstr("tls.ca_file"), HasSubstr("garbage.pem")));
  tls = TlsOptions();
  tls.ca_path = folder.path() + "/absent";
  EXPECT_THAT(refused_options(tls), HasSubstr("tls.ca_path"));
  tls = TlsOptions();
  tls.client_key = folder.write("client.key", client.key);
  EXPECT_THAT(refused_options(tls), HasSubstr("tls.client_certificate is not"));
  tls.client_certificate = garbage;
  EXPECT_THAT(refused_options(tls), HasSubstr("garbage.pem"));
  tls.client_certificate = certificate;
  EXPECT_EQ(refused_options(tls), "accepted");
  tls.client_key = folder.write("other.key", other.key);
  EXPECT_THAT(refused_options(tls), HasSubstr("does not belong to the certificate"));
  tls.client_key = garbage;
  EXPECT_THAT(refused_options(tls), HasSubstr("garbage.pem"));
  tls.client_key.clear();
  EXPECT_THAT(refused_options(tls), HasSubstr("tls.client_key is not set"));
  EXPECT_EQ(refused_options(TlsOptions()), "accepted");
}

#ifdef __linux__
/// Environment variables of OpenSSL, as long as it lives.
class TrustVariables {
 public:
  TrustVariables(const std::string& file, const std::string& folder) {
    setenv("SSL_CERT_FILE", file.c_str(), 1);
    setenv("SSL_CERT_DIR", folder.c_str(), 1);
  }
  TrustVariables(const TrustVariables&) = delete;
  TrustVariables& operator=(const TrustVariables&) = delete;
  ~TrustVariables() {
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
  }
};

TEST(TlsTest, TheSystemsAuthoritiesAreReadWithTheFirstConnection) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  const auto connector = connector_to(server.origin(true), TlsOptions());
  // A connector that had read them already would not know this one.
  const TrustVariables variables(trust().ca_file, trust().ca_file + "/no folder");
  Loop loop;
  EXPECT_NE(loop.run(connector->connect(loop.strand(), Clock::time_point::max())), nullptr);
}

TEST(TlsTest, ASystemWithoutAuthoritiesIsNotAPrivateAuthority) {
  const LoopbackServer server(tls_session(trust().server_tls()));
  const TrustVariables variables(trust().ca_file + "/no file", trust().ca_file + "/no folder");
  const auto connector = connector_to(server.origin(true), TlsOptions());
  EXPECT_THAT(tls_failure(*connector).message,
              AllOf(HasSubstr("no certificates of trusted authorities"), HasSubstr("tls.ca_file")));
}
#endif

}  // namespace
}  // namespace chroma::test

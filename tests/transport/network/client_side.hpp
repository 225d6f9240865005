#pragma once

#include "loopback.hpp"
#include "support/certificates.hpp"
#include "transport/byte_stream.hpp"
#include "transport/network_connector.hpp"
#include "transport/network_hooks.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chroma::test {

/// An authority that the client trusts, with all that servers and clients of these tests show.
struct Trust {
  Authority authority{"authority of the tests"};
  TemporaryFolder folder;
  std::string ca_file = folder.write("ca.pem", authority.certificate());
  Identity server = authority.issue("DNS:localhost,DNS:inner.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1");

  [[nodiscard]] TlsOptions options() const {
    TlsOptions tls;
    tls.ca_file = ca_file;
    return tls;
  }
  [[nodiscard]] ServerTls server_tls() const {
    ServerTls tls;
    tls.identity = server;
    return tls;
  }
};

/// Made once for all tests.
inline const Trust& trust() {
  static const Trust made;
  return made;
}

/// No variables, and the system's resolver.
inline transport::NetworkHooks bare_hooks() {
  transport::NetworkHooks hooks;
  hooks.variable = [](const char*) -> const char* { return nullptr; };
  return hooks;
}

/// As `bare_hooks`, but every name has the given addresses.
inline transport::NetworkHooks hooks_with(std::vector<tcp::endpoint> addresses) {
  transport::NetworkHooks hooks = bare_hooks();
  hooks.resolve = [addresses](const asio::any_io_executor& strand, const std::string&, std::uint16_t,
                              transport::NetworkHooks::Found found) {
    asio::post(strand, [found, addresses] { found({}, addresses); });
    return std::shared_ptr<void>();
  };
  return hooks;
}

inline std::unique_ptr<transport::Connector> connector_to(transport::Origin origin,
                                                          TlsOptions tls = trust().options(),
                                                          std::optional<std::string> proxy = std::string()) {
  return make_network_connector(std::move(origin), std::move(tls), proxy, bare_hooks());
}

using transport::Clock;

/// The RequestError that connecting ends with.
inline RequestError failure_of(Loop& loop, transport::Connector& connector,
                               Clock::time_point deadline = Clock::time_point::max()) {
  try {
    static_cast<void>(loop.run(connector.connect(loop.strand(), deadline)));
  } catch (const ChromaHttpClientError& error) {
    if (const auto* request = error.get_if<RequestError>()) return *request;
    ADD_FAILURE() << "another kind of error: " << error.what();
    return {};
  }
  ADD_FAILURE() << "connected";
  return {};
}

inline asio::awaitable<std::size_t> send(transport::ByteStream& stream, std::vector<std::string_view> parts) {
  std::vector<asio::const_buffer> buffers;
  for (const auto part : parts) buffers.push_back(asio::buffer(part));
  co_return co_await stream.write(buffers);
}

inline asio::awaitable<std::string> receive(transport::ByteStream& stream, std::size_t count) {
  std::string text(count, '\0');
  std::size_t have = 0;
  while (have < count) have += co_await stream.read_some(asio::buffer(text) + have);
  co_return text;
}

/// As errors of calls show it.
inline std::error_code code_of(boost::system::error_code code) {
  return code;
}

/// What reading one byte fails of; nothing if there is one.
inline std::error_code failure_of_read(Loop& loop, transport::ByteStream& stream) {
  try {
    static_cast<void>(loop.run(receive(stream, 1)));
  } catch (const boost::system::system_error& error) {
    return error.code();
  } catch (const ChromaHttpClientError& error) {
    const auto* request = error.get_if<RequestError>();
    EXPECT_TRUE(request != nullptr && request->stage == Stage::tls) << error.what();
    if (request != nullptr) return request->code;
  }
  return {};
}

}  // namespace chroma::test

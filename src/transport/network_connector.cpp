// Opens connections: name resolution, TCP, the proxy's tunnel and the TLS handshake, all before one deadline.

#include "transport/network_connector.hpp"

#include "transport/connect_race.hpp"
#include "transport/connect_watchdog.hpp"
#include "transport/failure.hpp"
#include "transport/proxy.hpp"
#include "transport/resolve.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <mutex>
#include <utility>

namespace chroma::transport {
namespace {

/// The address to which the last connection was made. Thread-safe.
class LastAddress {
 public:
  [[nodiscard]] std::optional<tcp::endpoint> get() const {
    const std::lock_guard lock(mutex_);
    return address_;
  }
  void set(const tcp::endpoint& address) {
    const std::lock_guard lock(mutex_);
    address_ = address;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<tcp::endpoint> address_;
};

/// What all connections of a connector share. Attempts to connect share it too, so that they may outlive the
/// connector.
struct Setup {
  Origin origin;
  std::optional<Proxy> proxy;
  Route route;
  std::optional<TlsContext> tls;        ///< For an https origin.
  std::optional<TlsContext> proxy_tls;  ///< For an https proxy.
  NetworkHooks hooks;
  bool keep_alive = true;  ///< TCP keepalive.
  mutable LastAddress last_address;
};

/// The steps after TCP, on a socket that the caller's watchdog closes at the deadline.
asio::awaitable<std::unique_ptr<SocketStream>> set_up_stream(const Setup& setup, tcp::socket connected,
                                                             ConnectWatchdog& watchdog,
                                                             Clock::time_point deadline) {
  std::unique_ptr<SocketStream> stream = make_tcp_stream(std::move(connected));
  watchdog.watch(stream->socket(), deadline);
  if (setup.proxy_tls) {
    const Origin& proxy = setup.proxy->address;
    stream = co_await start_tls(std::move(stream), *setup.proxy_tls, proxy.host,
                                "TLS with proxy " + proxy.authority());
  }
  if (setup.proxy && setup.tls) co_await open_tunnel(*stream, *setup.proxy, setup.origin);
  if (setup.tls) {
    stream = co_await start_tls(std::move(stream), *setup.tls, setup.origin.host,
                                "TLS with " + setup.origin.authority());
  }
  co_return stream;
}

asio::awaitable<std::unique_ptr<ByteStream>> open(std::shared_ptr<const Setup> setup,
                                                  asio::any_io_executor strand, Clock::time_point deadline) {
  Destination peer;
  peer.origin = setup->proxy ? setup->proxy->address : setup->origin;
  peer.is_proxy = setup->proxy.has_value();
  RaceOptions options;
  options.first = setup->last_address.get();
  options.keep_alive = setup->keep_alive;
  ConnectWatchdog watchdog(strand);
  std::unique_ptr<SocketStream> stream;
  try {
    Endpoints addresses = co_await resolve(strand, setup->hooks, peer, deadline);
    tcp::socket socket = co_await connect_to_any(strand, std::move(addresses), peer, options, deadline);
    error_code unknown;
    const tcp::endpoint address = socket.remote_endpoint(unknown);
    if (!unknown) setup->last_address.set(address);
    stream = co_await set_up_stream(*setup, std::move(socket), watchdog, deadline);
  } catch (const boost::system::system_error& error) {
    if (watchdog.expired()) {
      fail(Stage::timeout, error_code(asio::error::timed_out),
           "no response from " + peer.name() +
               " in time, although it accepted the connection: is it the right port?");
    }
    if (error.code() == asio::error::operation_aborted) {
      fail(Stage::cancelled, error.code(), "cancelled while connecting to " + peer.name());
    }
    fail(Stage::connect, error.code(), "connect to " + peer.name() + " failed: " + error.code().message());
  }
  co_return std::unique_ptr<ByteStream>(std::move(stream));
}

class NetworkConnector final : public Connector {
 public:
  explicit NetworkConnector(std::shared_ptr<const Setup> setup) : setup_(std::move(setup)) {}

  asio::awaitable<std::unique_ptr<ByteStream>> connect(asio::any_io_executor strand,
                                                       Clock::time_point deadline) override {
    return open(setup_, std::move(strand), deadline);
  }

  const Route& route() const noexcept override { return setup_->route; }

 private:
  std::shared_ptr<const Setup> setup_;
};

}  // namespace

std::unique_ptr<Connector> make_network_connector(Origin origin, TlsOptions tls,
                                                  const std::optional<std::string>& proxy, NetworkHooks hooks,
                                                  bool tcp_keepalive) {
  auto setup = std::make_shared<Setup>();
  setup->keep_alive = tcp_keepalive;
  setup->origin = std::move(origin);
  setup->hooks = std::move(hooks);
  if (!setup->hooks.variable) setup->hooks.variable = [](const char* name) { return std::getenv(name); };
  setup->proxy = choose_proxy(setup->origin, proxy, setup->hooks.variable);
  if (setup->origin.tls) setup->tls.emplace(tls);
  if (setup->proxy) {
    setup->route = route_through(*setup->proxy, setup->origin);
    if (setup->proxy->address.tls) {
      // The client certificate is for the server, not for the proxy.
      tls.client_certificate.clear();
      tls.client_key.clear();
      setup->proxy_tls.emplace(tls);
    }
  }
  return std::make_unique<NetworkConnector>(std::move(setup));
}

}  // namespace chroma::transport

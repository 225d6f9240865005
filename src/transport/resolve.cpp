#include "transport/resolve.hpp"

#include "transport/failure.hpp"
#include "transport/system_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace chroma::transport {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

struct Lookup {
  explicit Lookup(const asio::any_io_executor& strand) : done(strand) {}

  asio::steady_timer done;  ///< Cancelled when there is a result.
  bool finished = false;
  error_code failure;
  Endpoints addresses;
};

[[noreturn]] void fail_unresolved(const asio::any_io_executor& strand, const Destination& peer,
                                  const error_code& failure) {
  if (is_lack_of_descriptors(strand, failure)) {
    const error_code cause = asio::error::no_descriptors;
    fail(Stage::resolve, cause,
         "resolving " + peer.host_name() + " failed (" + cause.message() + ")" + descriptor_advice);
  }
  const error_code cause = failure ? failure : error_code(asio::error::host_not_found);
  const char* advice =
      peer.is_proxy ? "): is the proxy's name right, in the option proxy or in the proxy variables of the "
                      "environment, and does this machine's name service know it?"
                    : "): is the host's name right, and does this machine's name service know it?";
  fail(Stage::resolve, cause, "no address found for " + peer.host_name() + " (" + cause.message() + advice);
}

}  // namespace

bool is_lack_of_descriptors(const asio::any_io_executor& strand, const error_code& failure) {
  if (failure == asio::error::no_descriptors) return true;
  tcp::socket probe(strand);
  error_code refused;
  probe.open(tcp::v4(), refused);
  return refused == asio::error::no_descriptors;
}

asio::awaitable<Endpoints> resolve(asio::any_io_executor strand, const NetworkHooks& hooks, Destination peer,
                                   Clock::time_point deadline) {
  error_code failure;
  if (const auto address = asio::ip::make_address(peer.origin.host, failure); !failure) {
    co_return Endpoints(1, tcp::endpoint(address, peer.origin.port));
  }
  auto lookup = std::make_shared<Lookup>(strand);
  lookup->done.expires_at(deadline);
  const NetworkHooks::Found found = [lookup](error_code failed, Endpoints addresses) {
    lookup->finished = true;
    lookup->failure = failed;
    lookup->addresses = std::move(addresses);
    lookup->done.cancel();
  };
  const auto running = hooks.resolve ? hooks.resolve(strand, peer.origin.host, peer.origin.port, found)
                                     : look_up(strand, peer.origin.host, peer.origin.port, found);
  co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (!lookup->finished && failure == asio::error::operation_aborted) {
    fail(Stage::cancelled, failure, "cancelled while resolving " + peer.host_name());
  }
  if (!lookup->finished) {
    fail(Stage::timeout, error_code(asio::error::timed_out),
         "resolving " + peer.host_name() + " took too long: does this machine's name service respond?");
  }
  if (lookup->failure || lookup->addresses.empty()) fail_unresolved(strand, peer, lookup->failure);
  co_return std::move(lookup->addresses);
}

}  // namespace chroma::transport

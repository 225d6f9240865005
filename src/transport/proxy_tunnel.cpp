// CONNECT: how an https server is reached through a proxy.

#include "transport/failure.hpp"
#include "transport/http_exchange.hpp"
#include "transport/proxy.hpp"

#include <boost/asio/error.hpp>

#include <string>

namespace chroma::transport {
namespace {

constexpr std::size_t head_limit = std::size_t(16) << 10;

std::string connect_request(const Proxy& proxy, const std::string& server) {
  std::string text = "CONNECT " + server + " HTTP/1.1\r\nhost: " + server + "\r\n";
  if (!proxy.authorization.empty()) text += "proxy-authorization: " + proxy.authorization + "\r\n";
  return text + "\r\n";
}

/// What a refusal with this status means.
std::string proxy_advice(int status) {
  switch (status) {
    case 407:
      return ": set user and password in the proxy's URL, which is the option proxy or a variable of the "
             "environment, or check the ones that are set; only the authentication scheme Basic is supported";
    case 403:
    case 405:
      return ": does the proxy allow tunnels to that host and port?";
    case 502:
    case 503:
    case 504:
      return ": the proxy cannot reach the server";
    default:
      return ": does the proxy support the method CONNECT?";
  }
}

std::string describe(const RequestError& error) {
  switch (error.stage) {
    case Stage::write:
    case Stage::read:
      return "the proxy closed the connection (" + error.code.message() + ")";
    case Stage::decode:
      return "the proxy's response is not valid HTTP (" + error.code.message() + "): is it an HTTP proxy?";
    default:
      return error.message;
  }
}

}  // namespace

RequestError refused_by_proxy(const std::string& purpose, int status) {
  RequestError error;
  error.stage = Stage::proxy;
  if (status < 500) error.code = std::make_error_code(std::errc::permission_denied);
  error.message = purpose + " refused with status " + std::to_string(status) + proxy_advice(status);
  return error;
}

asio::awaitable<void> open_tunnel(ByteStream& stream, const Proxy& proxy, const Origin& origin) {
  const std::string server = origin.authority();
  const std::string address = "proxy " + proxy.address.authority();
  const std::string purpose = "tunnel to " + server + " through " + address;
  const std::string request = connect_request(proxy, server);
  ResponseLimits limits;
  limits.head_bytes = head_limit;
  ResponseReader reader(address, limits);
  reader.start(ResponseReader::Body::none);
  ByteCounts counts;
  WireRequest wire;
  wire.head = request;
  try {
    co_await exchange_on_stream(stream, wire, reader, counts, address);
  } catch (const ChromaHttpClientError& error) {
    const auto* failure = error.get_if<RequestError>();
    if (failure == nullptr || failure->stage == Stage::tls) throw;
    fail(Stage::proxy, failure->code, purpose + " failed: " + describe(*failure));
  }
  const HttpResponse response = reader.take();
  if (response.status >= 300) {
    throw ChromaHttpClientError(refused_by_proxy(purpose, response.status));
  }
  // The client speaks first in TLS, so nothing can follow yet.
  if (reader.has_surplus()) {
    fail(Stage::proxy, std::error_code(), purpose + " failed: the proxy sent more than its response");
  }
}

}  // namespace chroma::transport

// The tunnel through a proxy to an https server, by the method CONNECT.

#include "core/header_text.hpp"
#include "transport/failure.hpp"
#include "transport/proxy.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <charconv>
#include <span>

namespace chroma::transport {
namespace {

constexpr std::size_t head_limit = 16 * 1024;
constexpr std::string_view blank_line = "\r\n\r\n";

std::string connect_request(const Proxy& proxy, const std::string& server) {
  std::string text = "CONNECT " + server + " HTTP/1.1\r\nhost: " + server + "\r\n";
  if (!proxy.authorization.empty()) text += "proxy-authorization: " + proxy.authorization + "\r\n";
  return text + "\r\n";
}

// 0 if the text does not start with the status line of an HTTP/1 response.
int status_of(std::string_view head) {
  constexpr std::string_view version = "HTTP/1.";
  if (!head.starts_with(version) || head.size() < 12 || head[8] != ' ') return 0;
  int status = 0;
  const auto result = std::from_chars(head.data() + 9, head.data() + 12, status);
  const bool whole = result.ec == std::errc() && result.ptr == head.data() + 12;
  const bool ended = head.size() == 12 || head[12] == ' ' || head[12] == '\r';
  return whole && ended && status >= 100 ? status : 0;
}

std::string beginning(std::string_view text) {
  constexpr std::size_t shown = 80;
  return core::printable(text.substr(0, shown));
}

std::string advice(int status) {
  switch (status) {
    case 407:
      return ": give user and password in the proxy's URL, or check those given";
    case 403:
    case 405:
      return ": does the proxy allow tunnels to that host and port?";
    case 502:
    case 503:
    case 504:
      return ": the proxy cannot reach the server";
    default:
      return ": is it a proxy that knows CONNECT?";
  }
}

// The head of the response. No bytes may follow it, because a TLS server does not send before the client.
asio::awaitable<std::string> read_head(ByteStream& stream, const std::string& purpose) {
  std::string received;
  std::array<char, 2048> chunk;
  std::size_t total = 0;
  for (;;) {
    const std::size_t count = co_await stream.read_some(asio::buffer(chunk));
    received.append(chunk.data(), count);
    total += count;
    if (received.size() >= 5 && !received.starts_with("HTTP/")) {
      fail(Stage::proxy, std::error_code(),
           purpose + " failed: the response is not HTTP (\"" + beginning(received) +
               "\"): is it an http proxy?");
    }
    for (auto end = received.find(blank_line); end != std::string::npos; end = received.find(blank_line)) {
      const std::string head = received.substr(0, end);
      received.erase(0, end + blank_line.size());
      const int status = status_of(head);
      if (status >= 100 && status < 200) continue;  // An interim response.
      if (status >= 200 && status < 300 && !received.empty()) {
        fail(Stage::proxy, std::error_code(), purpose + " failed: the proxy sent more than its response");
      }
      co_return head;
    }
    if (total > head_limit) {
      fail(Stage::proxy, std::error_code(), purpose + " failed: the proxy's response does not end");
    }
  }
}

}  // namespace

asio::awaitable<void> open_tunnel(ByteStream& stream, const Proxy& proxy, const Origin& origin) {
  const std::string server = origin.authority();
  const std::string purpose = "tunnel to " + server + " through proxy " + proxy.address.authority();
  std::string head;
  try {
    const std::string request = connect_request(proxy, server);
    const asio::const_buffer buffer = asio::buffer(request);
    co_await stream.write(std::span(&buffer, 1));
    head = co_await read_head(stream, purpose);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    fail(Stage::proxy, error.code(),
         purpose + " failed: the proxy closed the connection (" + error.code().message() + ")");
  }
  const int status = status_of(head);
  if (status >= 200 && status < 300) co_return;
  const std::string line = beginning(std::string_view(head).substr(0, head.find('\r')));
  fail(Stage::proxy, std::error_code(), purpose + " refused (" + line + ")" + advice(status));
}

}  // namespace chroma::transport

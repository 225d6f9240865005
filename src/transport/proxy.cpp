// Chooses the proxy of an origin from the options or the environment.

#include "transport/proxy.hpp"

#include "core/ascii.hpp"
#include "core/base64.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace chroma::transport {
namespace {

constexpr std::uint16_t default_proxy_port = 1080;  // As curl has it, for proxies that speak http.

std::string basic_authorization(const Url& url) {
  if (url.user.empty() && url.password.empty()) return {};
  return "Basic " + core::base64_encode(url.user + ":" + url.password);
}

Proxy parse_proxy(const char* source, std::string text) {
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  if (text.starts_with("socks")) {
    throw std::invalid_argument(std::string(source) +
                                ": SOCKS proxies are not supported, give an http or https one");
  }
  try {
    const Url url = parse_url(text);
    if ((url.path + url.query + url.fragment).find('@') != std::string::npos) {
      throw std::invalid_argument(
          "a '@' behind the host: in user and password '/', '?' and '#' are written "
          "%2F, %3F and %23");
    }
    Proxy proxy{url.origin, basic_authorization(url)};
    if (!url.origin.tls && !url.port_given) proxy.address.port = default_proxy_port;
    return proxy;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string(source) + " names no usable proxy: " + error.what());
  }
}

std::string_view trim_dots(std::string_view text) {
  while (text.starts_with('.')) text.remove_prefix(1);
  while (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

// Removes the port from an entry and returns it, or 0 if it has none. Removes brackets around IPv6, too.
std::uint16_t take_port(std::string_view& entry) {
  const auto bracket = entry.find(']');
  const bool bracketed = entry.starts_with('[') && bracket != std::string_view::npos;
  const auto colon = entry.rfind(':');
  std::uint16_t port = 0;
  const bool bare_ipv6 = !bracketed && std::count(entry.begin(), entry.end(), ':') > 1;
  if (colon != std::string_view::npos && !bare_ipv6 && (!bracketed || colon > bracket)) {
    const auto digits = entry.substr(colon + 1);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (result.ec == std::errc() && result.ptr == digits.data() + digits.size()) {
      entry = entry.substr(0, colon);
    }
  }
  if (bracketed) entry = entry.substr(1, bracket - 1);
  return port;
}

bool contains(const asio::ip::network_v4& network, const asio::ip::address& address) {
  return address.is_v4() &&
         asio::ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
}

bool contains(const asio::ip::network_v6& network, const asio::ip::address& address) {
  return address.is_v6() &&
         asio::ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
}

bool covers_address(std::string_view entry, const asio::ip::address& address) {
  boost::system::error_code failure;
  if (entry.find('/') == std::string_view::npos) {
    const auto same = asio::ip::make_address(std::string(entry), failure);
    return !failure && same == address;
  }
  const auto v4 = asio::ip::make_network_v4(std::string(entry), failure);
  if (!failure) return contains(v4, address);
  const auto v6 = asio::ip::make_network_v6(std::string(entry), failure);
  return !failure && contains(v6, address);
}

bool covers_name(std::string_view entry, std::string_view host) {
  const std::string name = core::lower_case(trim_dots(entry));
  host = trim_dots(host);
  if (name.empty() || !host.ends_with(name)) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

bool excepts(std::string_view entry, const Origin& origin) {
  if (entry == "*") return true;
  const std::uint16_t port = take_port(entry);
  if (port != 0 && port != origin.port) return false;
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(origin.host, no_address);
  return no_address ? covers_name(entry, origin.host) : covers_address(entry, address);
}

struct Variable {
  const char* name = nullptr;
  const char* value = nullptr;
};

// The first that is set and not empty.
Variable first_of(std::initializer_list<const char*> names,
                  const std::function<const char*(const char*)>& variable) {
  for (const char* name : names) {
    const char* value = variable(name);
    if (value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

}  // namespace

bool bypasses_proxy(const Origin& origin, std::string_view no_proxy) {
  constexpr std::string_view separators = ", \t";
  while (!no_proxy.empty()) {
    const auto end = std::min(no_proxy.find_first_of(separators), no_proxy.size());
    if (end > 0 && excepts(no_proxy.substr(0, end), origin)) return true;
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return false;
}

std::optional<Proxy> choose_proxy(const Origin& origin, const std::optional<std::string>& option,
                                  const std::function<const char*(const char*)>& variable) {
  if (option) {
    if (option->empty()) return std::nullopt;
    return parse_proxy("the proxy option", *option);
  }
  // HTTP_PROXY in capitals is not read: in a CGI program a request's header "Proxy" would set it.
  const Variable chosen = origin.tls
                              ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, variable)
                              : first_of({"http_proxy", "all_proxy", "ALL_PROXY"}, variable);
  if (chosen.value == nullptr) return std::nullopt;
  const Variable excepted = first_of({"no_proxy", "NO_PROXY"}, variable);
  if (excepted.value != nullptr && bypasses_proxy(origin, excepted.value)) return std::nullopt;
  return parse_proxy(chosen.name, chosen.value);
}

Route route_through(const Proxy& proxy, const Origin& origin) {
  Route route;
  if (origin.tls) return route;
  route.proxy = proxy.address.authority();
  route.target_prefix = "http://" + origin.host_header();
  if (!proxy.authorization.empty()) route.headers.emplace_back("proxy-authorization", proxy.authorization);
  return route;
}

}  // namespace chroma::transport

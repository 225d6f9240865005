#include "transport/redirect.hpp"

#include "core/display_text.hpp"
#include "transport/failure.hpp"

#include <stdexcept>
#include <system_error>
#include <vector>

namespace chroma::transport {
namespace {

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// True for "name:..." where the name can be a scheme.
bool has_scheme(std::string_view location) noexcept {
  const auto colon = location.find(':');
  return colon != std::string_view::npos && colon < location.find_first_of("/?#");
}

/// The location as an absolute URL (RFC 3986, 5.2.2), dots not yet removed.
std::string absolute(std::string_view location, const Origin& origin, std::string_view target) {
  if (has_scheme(location)) return std::string(location);
  if (location.starts_with("//")) return (origin.tls ? "https:" : "http:") + std::string(location);
  std::string url = origin.to_string();
  const std::string_view path = target.substr(0, target.find('?'));
  if (location.starts_with('/')) {
    // An absolute path.
  } else if (location.starts_with('?')) {
    url += path;
  } else if (location.empty() || location.starts_with('#')) {
    url += target;
  } else {
    url += path.substr(0, path.rfind('/') + 1);
  }
  return url += location;
}

/// Resolves "." and ".." (RFC 3986, 5.2.4) in a path that starts with '/'.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const std::string_view segment = path.substr(0, end);
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/.." && !segments.empty()) segments.pop_back();
      if (path.empty()) segments.emplace_back("/");
    } else {
      segments.push_back(segment);
    }
  }
  std::string result;
  for (const std::string_view segment : segments) result += segment;
  return result.empty() ? "/" : result;
}

}  // namespace

std::optional<std::string> redirect_target(const HttpResponse& response, const Origin& origin,
                                           std::string_view method, std::string_view target) {
  const std::string_view location = response.header("location");
  if (!is_redirect(response.status) || location.empty()) return std::nullopt;
  const std::string from =
      origin.to_string() + " responded with a redirect (" + std::to_string(response.status) + ")";
  Url url;
  try {
    url = parse_url(absolute(location, origin, target));
  } catch (const std::invalid_argument& reason) {
    // The reason names parts of the location, which may have any bytes and any length.
    constexpr std::size_t shown_bytes = 256;
    fail(Stage::decode, {},
         from + " to an unusable place: " + core::display_text(reason.what(), shown_bytes));
  }
  if (url.origin != origin) {
    fail(Stage::decode, {},
         from + " to another server, " + url.origin.to_string() +
             ", which is not followed, so that credentials stay with the first; if that is the right server, "
             "make "
             "it the endpoint");
  }
  const bool keeps_method = response.status == 307 || response.status == 308;
  if (method != "GET" && !keeps_method) {
    fail(Stage::decode, {},
         from + " that would turn this " + std::string(method) +
             " into a GET, which is not followed; is the endpoint's path right?");
  }
  std::string next = without_dots(url.path);
  if (!url.query.empty()) next.append("?").append(url.query);
  return next;
}

void fail_too_many_redirects(const Origin& origin, std::size_t followed) {
  fail(Stage::decode, {},
       origin.to_string() + " redirected more than " + std::to_string(followed) +
           " times; is the endpoint's path right, or does a proxy send requests in a circle?");
}

}  // namespace chroma::transport

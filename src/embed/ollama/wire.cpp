#include "embed/ollama/wire.hpp"

#include "core/ascii.hpp"
#include "embed/http/rows.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace chroma::embed::ollama {

namespace {

/// Writes a duration such as "10m" as a string, and a number of seconds as a number.
void write_keep_alive(json::MemberWriter& members, const std::string& duration) {
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(duration.data(), duration.data() + duration.size(), seconds);
  if (parsed.ec == std::errc() && parsed.ptr == duration.data() + duration.size()) {
    members.value("keep_alive", seconds);
  } else {
    members.value("keep_alive", duration);
  }
}

}  // namespace

std::string server_url(std::string_view host) {
  std::string url(core::trimmed(host));
  while (url.ends_with('/')) url.pop_back();
  if (url.find("://") != std::string::npos) return url;
  const auto authority_end = std::min(url.find('/'), url.size());
  const auto authority = url.substr(0, authority_end);
  const auto colon = authority.rfind(':');
  // A colon may also be part of an IPv6 address or of a password.
  const bool has_port =
      colon != std::string::npos && authority.find_first_of("]@", colon) == std::string::npos;
  return "http://" + authority + (has_port ? "" : ":11434") + url.substr(authority_end);
}

core::Buffer write_request(const OllamaOptions& options, std::span<const std::string> texts) {
  core::Buffer body;
  json::Writer out(body);
  json::MemberWriter members(out);
  members.value("model", options.model);
  members.name("input");
  json::write_strings(out, texts);
  if (options.truncate) members.value("truncate", *options.truncate);
  if (options.dimensions) members.value("dimensions", *options.dimensions);
  if (!options.keep_alive.empty()) write_keep_alive(members, options.keep_alive);
  members.end();
  return body;
}

Embeddings read_response(std::string_view body) {
  Embeddings rows;
  bool found = false;
  json::Reader in(body);
  json::read_object(in, [&](std::string_view key) {
    if (key != "embeddings") return false;
    found = true;
    rows = read_rows(in);
    return true;
  });
  in.finish();
  json::require_member(in, found, "embeddings");
  return rows;
}

}  // namespace chroma::embed::ollama

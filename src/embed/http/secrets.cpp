#include "embed/http/secrets.hpp"

#include "core/ascii.hpp"
#include "core/base64.hpp"
#include "json/reader.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <cstddef>

namespace chroma::embed {
namespace {

/// Characters and the number of bytes of the escapes that stand for them.
struct Escaped {
  std::string characters;
  std::size_t size = 0;
};

/// What a percent-encoded byte at the start of `text` stands for; of size 0 if there is none.
Escaped read_percent_encoded(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return {};
  const int high = core::hex_digit(text[1]);
  const int low = core::hex_digit(text[2]);
  if (high < 0 || low < 0) return {};
  return {std::string(1, static_cast<char>(high * 16 + low)), 3};
}

/// What a \uXXXX escape of JSON, or two of a surrogate pair, at the start of `text` stand for; of size 0 if
/// there is none.
Escaped read_unicode_escape(std::string_view text) {
  constexpr std::size_t size = 6;
  if (text.size() < size || !text.starts_with("\\u")) return {};
  const bool is_high_surrogate =
      core::to_lower(text[2]) == 'd' && std::string_view("89abAB").find(text[3]) != std::string_view::npos;
  const auto escape = text.substr(0, is_high_surrogate ? 2 * size : size);
  const std::string json = '"' + std::string(escape) + '"';
  try {
    json::Reader in(json);
    return {in.string(), escape.size()};
  } catch (const ChromaHttpClientError&) {
    return {};
  }
}

/// The number of bytes of `secret` at the start of `text`; 0 if the text starts with something else.
std::size_t size_of_secret(std::string_view text, std::string_view secret) {
  const auto begin = text.size();
  while (!secret.empty()) {
    auto escaped = read_unicode_escape(text);
    if (escaped.size == 0) escaped = read_percent_encoded(text);
    if (escaped.size > 0 && secret.starts_with(escaped.characters)) {
      text.remove_prefix(escaped.size);
      secret.remove_prefix(escaped.characters.size());
      continue;
    }
    if (text.size() > 1 && text[0] == '\\' && text[1] == secret[0]) text.remove_prefix(1);
    if (!text.starts_with(secret[0])) return 0;
    text.remove_prefix(1);
    secret.remove_prefix(1);
  }
  return begin - text.size();
}

std::string without(std::string_view text, std::string_view secret) {
  constexpr std::size_t shortest = 8;  // Local servers accept any key: a shorter one may be a common word.
  if (secret.size() < shortest) return std::string(text);
  std::string result;
  while (!text.empty()) {
    if (const auto size = size_of_secret(text, secret); size > 0) {
      result += "[secret]";
      text.remove_prefix(size);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

bool may_hold_secret(std::string_view header_name) {
  const auto name = core::lower_case(header_name);
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  return has("auth") || has("key") || has("token") || has("secret") || has("password") || has("cookie") ||
         has("credential") || has("jwt") || has("session");
}

}  // namespace

Secrets::Secrets(std::initializer_list<std::string> texts) {
  for (const auto& text : texts) add(text);
}

void Secrets::add(std::string_view text) {
  if (text.empty()) return;
  // A secret that contains another one is replaced before it.
  const auto place =
      std::ranges::find_if(texts_, [&](const std::string& other) { return other.size() < text.size(); });
  texts_.emplace(place, text);
}

void Secrets::add_user(const std::string& user, const std::string& password) {
  if (user.empty() && password.empty()) return;
  const auto both = user + ":" + password;
  add(both);
  add(core::base64_encode(both));
  add(password.empty() ? user : password);
}

void Secrets::add_header_value(std::string_view value) {
  value = core::trimmed(value);
  const auto token = value.substr(value.rfind(' ') + 1);  // npos + 1 is 0.
  add(token);
  if (core::lower_case(value).starts_with("basic ")) {
    const auto both = core::base64_decode(token).value_or(std::string());
    const auto colon = both.find(':');
    if (colon != std::string::npos) add_user(both.substr(0, colon), both.substr(colon + 1));
  }
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(" ;,=\""), value.size());
    add(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

bool Secrets::add_headers(const Headers& headers) {
  bool found = false;
  for (const auto& [name, value] : headers) {
    if (!may_hold_secret(name)) continue;
    found = true;
    add_header_value(value);
  }
  return found;
}

std::string Secrets::removed_from(std::string_view text) const {
  std::string result(text);
  for (const auto& secret : texts_) result = without(result, secret);
  return result;
}

}  // namespace chroma::embed

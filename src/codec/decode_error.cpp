#include "codec/decode_error.hpp"

#include "core/utf8.hpp"
#include "json/reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace chroma::codec {
namespace {

constexpr std::size_t longest_body = 64 * 1024;
constexpr std::size_t longest_text = 1000;

bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// One line of bounded length: runs of blanks become one, what cannot be shown becomes '?'.
std::string one_line(std::string_view text) {
  const bool is_utf8 = core::is_valid_utf8(text);
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (line.size() >= longest_text && (byte & 0xC0) != 0x80) {
      line += "...";
      break;
    }
    if (is_blank(c)) {
      if (!line.empty() && line.back() != ' ') line.push_back(' ');
    } else {
      line.push_back(byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8) ? '?' : c);
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string without_message(int status) {
  if (status == 404) {
    return "the server knows no such route: is the endpoint's path right, and the server recent enough?";
  }
  if (status == 405) {
    return "the server does not take this method here: is the endpoint's path right, and the server recent "
           "enough?";
  }
  return "the server gave no reason";
}

// A value's text if it is a string, without its quotes.
std::optional<std::string> text_of(std::string_view json) {
  json::Reader in(json);
  if (in.peek() != json::Reader::Kind::string) return std::nullopt;
  return in.string();
}

/// The members of an error object that may hold its message. The views are the JSON text of the values.
struct Members {
  std::string_view error;
  std::string_view message;
  std::string_view detail;
  std::string_view title;
};

Members read_members(std::string_view json) {
  Members members;
  json::Reader in(json);
  std::string_view key;
  in.begin_object();
  while (in.next_key(key)) {
    std::string_view* member = key == "error"                                               ? &members.error
                               : key == "message" || key == "msg" || key == "error_message" ? &members.message
                               : key == "detail" || key == "description"                    ? &members.detail
                               : key == "title" || key == "reason"                          ? &members.title
                                                                                            : nullptr;
    const std::string_view value = in.skip();
    if (member) *member = value;
  }
  return members;
}

// {"loc": ["body", "ids", 0], "msg": "..."}: an error and its location, as FastAPI lists them.
std::string located(std::string_view json) {
  std::string place;
  std::string words;
  json::Reader in(json);
  std::string_view key;
  in.begin_object();
  while (in.next_key(key)) {
    const bool is_place = key == "loc";
    const bool is_words = key == "msg" || key == "message";
    const std::string_view value = in.skip();
    if (is_words) {
      words = text_of(value).value_or(std::string(value));
    } else if (is_place && value.front() == '[') {
      json::Reader path(value);
      path.begin_array();
      while (path.next_element()) {
        const std::string_view step = path.skip();
        if (!place.empty()) place.push_back('.');
        place += text_of(step).value_or(std::string(step));
      }
    }
  }
  if (words.empty()) return std::string(json);
  return place.empty() ? words : place + ": " + words;
}

// The message in a JSON value of any form.
std::string words_of(std::string_view json) {
  if (auto text = text_of(json)) return std::move(*text);
  if (json.front() == '{') {
    const Members inner = read_members(json);
    for (const std::string_view member : {inner.message, inner.detail, inner.error, inner.title}) {
      if (member.empty()) continue;
      if (auto text = text_of(member)) return std::move(*text);
    }
  }
  if (json.front() != '[') return std::string(json);
  std::string all;
  json::Reader in(json);
  in.begin_array();
  while (in.next_element()) {
    const std::string_view item = in.skip();
    if (!all.empty()) all += "; ";
    all += item.front() == '{' ? located(item) : text_of(item).value_or(std::string(item));
  }
  return all;
}

// Fills in what a JSON body says. @throws ChromaHttpClientError if it is not JSON
void read_json(std::string_view body, ApiError& error) {
  json::Reader in(body);
  const std::string_view json = in.skip();
  in.finish();
  if (json.front() != '{') {
    error.message = one_line(words_of(json));
    return;
  }
  const Members members = read_members(json);
  const auto name = members.error.empty() ? std::nullopt : text_of(members.error);
  const auto message = members.message.empty() ? std::nullopt : text_of(members.message);
  if (name && message) {
    // The form of Chroma, whose message is kept unchanged.
    error.name = *name;
    error.message = *message;
    return;
  }
  for (const std::string_view member : {members.message, members.detail, members.error, members.title}) {
    if (member.empty() || member == "null") continue;
    error.message = one_line(words_of(member));
    if (!error.message.empty()) return;
  }
  error.message = one_line(json);
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
  return result;
}

std::string without_tags(std::string_view html) {
  std::string text;
  bool inside = false;
  for (const char c : html) {
    if (c == '<') {
      inside = true;
    } else if (c == '>' && inside) {
      inside = false;
      text.push_back(' ');
    } else if (!inside) {
      text.push_back(c);
    }
  }
  return text;
}

// The content of the first element of this name; empty if there is none.
std::string_view element(std::string_view html, std::string_view lowered, const std::string& tag) {
  std::size_t begin = lowered.find("<" + tag);
  if (begin == std::string_view::npos) return {};
  begin = lowered.find('>', begin);
  if (begin == std::string_view::npos) return {};
  ++begin;
  const std::size_t end = lowered.find("</" + tag, begin);
  return html.substr(begin, end == std::string_view::npos ? end : end - begin);
}

// The text of an HTML page, which a gateway or another kind of server sent: its title, if it has one.
std::string words_of_page(std::string_view html) {
  const std::string lowered = lower(html);
  for (const char* tag : {"title", "h1", "body"}) {
    std::string words = one_line(without_tags(element(html, lowered, tag)));
    if (!words.empty()) return words;
  }
  return one_line(without_tags(html));
}

bool is_page(std::string_view text) {
  const std::string head = lower(text.substr(0, 256));
  return head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<head") ||
         head.starts_with("<body") || head.starts_with("<?xml") || head.find("<html") != std::string::npos;
}

}  // namespace

ApiError decode_error(int status, std::string_view body) {
  ApiError error;
  error.status = status;
  error.body = body.substr(0, longest_body);
  while (!body.empty() && is_blank(body.front())) body.remove_prefix(1);
  try {
    read_json(body, error);
  } catch (const ChromaHttpClientError&) {
    // The body is not JSON.
    const std::string_view start = body.substr(0, longest_body);
    error.message = is_page(start) ? words_of_page(start) : one_line(start);
  }
  if (error.message.empty()) error.message = without_message(status);
  return error;
}

}  // namespace chroma::codec

#include "codec/decode_error.hpp"

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "json/reader.hpp"

#include <optional>
#include <string>
#include <utility>

namespace chroma::codec {
namespace {

constexpr std::size_t longest_body = 64 * 1024;
constexpr std::size_t longest_text = 1000;

// Makes one line of limited length: a sequence of white space becomes one space, and a byte that cannot be
// displayed becomes '?'.
std::string one_line(std::string_view text) {
  const bool is_utf8 = core::is_valid_utf8(text);
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (line.size() >= longest_text && !core::is_utf8_continuation(c)) {
      line += "...";
      break;
    }
    if (core::is_space(c)) {
      if (!line.empty() && line.back() != ' ') line.push_back(' ');
    } else {
      line.push_back(byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8) ? '?' : c);
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string default_message(int status) {
  if (status == 404) {
    return "the server does not have this route; check the path of the endpoint and the version of the "
           "server";
  }
  if (status == 405) {
    return "the server does not support this method on this route; check the path of the endpoint and the "
           "version of the server";
  }
  return "the response has no error message";
}

// The text of a JSON string; nothing if the value is not a string.
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
    std::string_view* member = key == "error" || key == "errors"                            ? &members.error
                               : key == "message" || key == "msg" || key == "error_message" ? &members.message
                               : key == "detail" || key == "description"                    ? &members.detail
                               : key == "title" || key == "reason"                          ? &members.title
                                                                                            : nullptr;
    const std::string_view value = in.skip();
    if (member) *member = value;
  }
  return members;
}

// An error of FastAPI, which has a location: {"loc": ["body", "ids", 0], "msg": "..."}.
std::string fastapi_message(std::string_view json) {
  std::string place;
  std::string message;
  json::Reader in(json);
  std::string_view key;
  in.begin_object();
  while (in.next_key(key)) {
    const bool is_place = key == "loc";
    const bool is_message = key == "msg" || key == "message";
    const std::string_view value = in.skip();
    if (is_message) {
      message = text_of(value).value_or(std::string(value));
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
  if (message.empty()) return std::string(json);
  return place.empty() ? message : place + ": " + message;
}

// The error message in a JSON value of any form.
std::string message_of(std::string_view json) {
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
    all += item.front() == '{' ? fastapi_message(item) : text_of(item).value_or(std::string(item));
  }
  return all;
}

// Fills in the members of the error from a JSON body. @throws ChromaHttpClientError if it is not JSON
void read_json(std::string_view body, ApiError& error) {
  json::Reader in(body);
  const std::string_view json = in.skip();
  in.finish();
  if (json.front() != '{') {
    error.message = one_line(message_of(json));
    return;
  }
  const Members members = read_members(json);
  const auto name = members.error.empty() ? std::nullopt : text_of(members.error);
  const auto message = members.message.empty() ? std::nullopt : text_of(members.message);
  if (name && message) {
    // This is the error object of Chroma. Its message is kept unchanged.
    error.name = *name;
    error.message = *message;
    return;
  }
  for (const std::string_view member : {members.message, members.detail, members.error, members.title}) {
    if (member.empty() || member == "null") continue;
    error.message = one_line(message_of(member));
    if (!error.message.empty()) return;
  }
  error.message = one_line(json);
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

// The text of an HTML page from a gateway or another kind of server: its title, its first heading or its
// body.
std::string page_text(std::string_view html) {
  const std::string lowered = core::lower_case(html);
  for (const char* tag : {"title", "h1", "body"}) {
    std::string text = one_line(without_tags(element(html, lowered, tag)));
    if (!text.empty()) return text;
  }
  return one_line(without_tags(html));
}

bool is_page(std::string_view text) {
  const std::string head = core::lower_case(text.substr(0, 256));
  return head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<head") ||
         head.starts_with("<body") || head.starts_with("<?xml") || head.find("<html") != std::string::npos;
}

}  // namespace

ApiError decode_error(int status, std::string_view body) {
  ApiError error;
  error.status = status;
  error.body = body.substr(0, longest_body);
  while (!body.empty() && core::is_space(body.front())) body.remove_prefix(1);
  try {
    read_json(body, error);
  } catch (const ChromaHttpClientError&) {
    // The body is not JSON.
    const std::string_view start = body.substr(0, longest_body);
    error.message = is_page(start) ? page_text(start) : one_line(start);
  }
  if (error.message.empty()) error.message = default_message(status);
  return error;
}

}  // namespace chroma::codec

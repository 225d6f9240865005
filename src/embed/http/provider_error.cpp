#include "embed/http/provider_error.hpp"

#include "codec/decode_error.hpp"
#include "core/ascii.hpp"
#include "core/display_text.hpp"
#include "core/transient.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

namespace chroma::embed {
namespace {

using Kind = json::Reader::Kind;

constexpr std::size_t kept_body_bytes = 64 * 1024;
constexpr std::size_t shown_message_bytes = 1000;
constexpr std::size_t shown_code_bytes = 100;
constexpr std::size_t shown_body_bytes = 120;

/// The members of a JSON error body other than the message, which codec::decode_error reads.
struct ErrorMembers {
  bool is_error = false;  ///< The body has one of the members in which providers describe errors.
  std::string code;
  std::string type;
};

/// A text or a number as text; empty for everything else.
std::string read_scalar(json::Reader& in) {
  const auto kind = in.peek();
  if (kind == Kind::string) return in.string();
  const auto text = in.skip();
  return kind == Kind::number ? std::string(text) : std::string();
}

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), key) != names.end();
}

/// Reads `code` and `type` of an object, of the object in its member `error`, or of the first of an array.
void read_error(json::Reader& in, ErrorMembers& members) {
  const auto kind = in.peek();
  if (kind == Kind::array) {
    in.begin_array();
    while (in.next_element()) read_error(in, members);
    return;
  }
  if (kind != Kind::object) {
    in.skip();
    return;
  }
  json::read_object(in, [&](std::string_view key) {
    if (is_one_of(key, {"error", "errors", "detail"})) {
      members.is_error = members.is_error || in.peek() != Kind::null;
      read_error(in, members);
      return true;
    }
    if (key == "message") members.is_error = true;
    std::string* const member = is_one_of(key, {"code", "statusCode"})             ? &members.code
                                : is_one_of(key, {"type", "error_type", "status"}) ? &members.type
                                                                                   : nullptr;
    if (member == nullptr) return false;
    auto text = read_scalar(in);
    if (member->empty()) *member = std::move(text);
    return true;
  });
}

ErrorMembers read_error(std::string_view body) {
  ErrorMembers members;
  if (!core::trimmed(body).starts_with('{')) return members;
  try {
    json::Reader in(body);
    read_error(in, members);
    in.finish();
  } catch (const ChromaHttpClientError&) {
    return {};
  }
  return members;
}

/// The code; the type instead if the code is a number and there is a type, which is more specific.
std::string code_of(ErrorMembers members) {
  const bool is_number = std::all_of(members.code.begin(), members.code.end(), core::is_digit);
  return is_number && !members.type.empty() ? std::move(members.type) : std::move(members.code);
}

bool says(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return text.find(phrase) != std::string_view::npos; });
}

/// The error with everything that a response contains except its message.
/// @param body that of the response, without the secrets
EmbeddingFunctionError error_of(const transport::HttpResponse& response, std::string body,
                                const Secrets& secrets) {
  EmbeddingFunctionError error;
  error.status = response.status;
  error.code = core::display_text(code_of(read_error(body)), shown_code_bytes);
  auto id = response.header("x-request-id");
  if (id.empty()) id = response.header("apim-request-id");
  error.request_id = core::display_text(secrets.removed_from(id), shown_code_bytes);
  body.resize(std::min(body.size(), kept_body_bytes));
  error.body = std::move(body);
  return error;
}

/// The error that a body describes. Secrets are replaced before any text is cut.
EmbeddingFunctionError describe(const transport::HttpResponse& response, const Secrets& secrets) {
  auto body = secrets.removed_from(response.body.view());
  const auto message = codec::decode_error(response.status, body).message;
  auto error = error_of(response, std::move(body), secrets);
  error.message = core::display_text(message, shown_message_bytes);
  return error;
}

/// True if the process in which Ollama runs the model ended during the request. The next request starts
/// another.
bool runner_has_ended(const EmbeddingFunctionError& error) {
  return says(error.message, {"do embedding request"}) && error.message.ends_with("EOF");
}

}  // namespace

EmbeddingFunctionError provider_error(const transport::HttpResponse& response, const Secrets& secrets) {
  auto error = describe(response, secrets);
  error.retryable = is_worth_another_attempt(response).value_or(core::is_transient(response.status));
  return error;
}

EmbeddingFunctionError unreadable_response(const transport::HttpResponse& response, std::string_view reason,
                                           const Secrets& secrets) {
  auto body = secrets.removed_from(core::trimmed(response.body.view()));
  if (read_error(body).is_error) return describe(response, secrets);
  const bool is_json = body.starts_with('{') || body.starts_with('[');
  const auto message = is_json ? secrets.removed_from(reason)
                               : "the response is not JSON; it begins with \"" +
                                     core::display_text(body, shown_body_bytes) + "\"";
  auto error = error_of(response, std::move(body), secrets);
  error.message = core::display_text(message, shown_message_bytes);
  return error;
}

std::optional<bool> is_worth_another_attempt(const transport::HttpResponse& response) {
  const int status = response.status;
  if (status < 400) return std::nullopt;
  if (const auto advice = response.header("x-should-retry"); advice == "true" || advice == "false") {
    return advice == "true";
  }
  if (status == 408 || status == 409) return true;
  if (status != 400 && status != 429 && status != 500) return std::nullopt;
  const auto error = describe(response, {});
  if (status == 400) return runner_has_ended(error) ? std::optional(true) : std::nullopt;
  const bool is_final =
      status == 429 ? says(error.body, {"\"insufficient_quota\""}) : refusal_of(error) == Refusal::one_text;
  return is_final ? std::optional(false) : std::nullopt;
}

Refusal refusal_of(const EmbeddingFunctionError& error) {
  const int status = error.status;
  if (status != 400 && status != 413 && status != 422 && status != 500) return Refusal::other;
  const auto text = core::lower_case(error.message + " " + error.code);
  if (says(text, {"must have less than", "maximum context length", "too large to process",
                  "exceeds the context", "exceed_context_size", "cannot be empty"})) {
    return Refusal::one_text;
  }
  if (status == 500) return Refusal::other;
  if (says(text, {"batch size", "too many inputs", "array too long"})) return Refusal::number_of_texts;
  if (status == 413 || says(text, {"max_tokens_per_request"})) return Refusal::size_of_request;
  return Refusal::other;
}

}  // namespace chroma::embed

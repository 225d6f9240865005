#include "core/display_text.hpp"
#include "core/transient.hpp"

#include <chroma/error.hpp>

#include <ostream>
#include <utility>

namespace chroma {
namespace {

// A server must not be able to forge lines of a log or to fill it. The members of the error keep its text
// whole.
std::string display(const std::string& text_of_server) {
  constexpr std::size_t longest = 4096;
  return core::display_text(text_of_server, longest);
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
// clang 14 does not deduce this without a guide.
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

const char* reason_phrase(int status) noexcept {
  switch (status) {
    case 400:
      return " Bad Request";
    case 401:
      return " Unauthorized";
    case 403:
      return " Forbidden";
    case 404:
      return " Not Found";
    case 405:
      return " Method Not Allowed";
    case 409:
      return " Conflict";
    case 410:
      return " Gone";
    case 412:
      return " Precondition Failed";
    case 413:
      return " Payload Too Large";
    case 415:
      return " Unsupported Media Type";
    case 422:
      return " Unprocessable Entity";
    case 429:
      return " Too Many Requests";
    case 500:
      return " Internal Server Error";
    case 501:
      return " Not Implemented";
    case 502:
      return " Bad Gateway";
    case 503:
      return " Service Unavailable";
    case 504:
      return " Gateway Timeout";
    default:
      return "";
  }
}

std::string prefixed(const std::string& prefix, const std::string& message) {
  return prefix.empty() ? message : prefix + ": " + message;
}

std::string describe(const ApiError& e) {
  std::string text = "API error: " + display(prefixed(e.name, e.message));
  text += " (" + std::to_string(e.status) + reason_phrase(e.status) + ")";
  if (!e.trace_id.empty()) text += " [chroma-trace-id " + display(e.trace_id) + "]";
  return text;
}

std::string describe(const EmbeddingFunctionError& e) {
  std::string text = "Embedding function error: ";
  if (e.first_text && e.text_count > 1) {
    text += "texts " + std::to_string(*e.first_text) + " to " +
            std::to_string(*e.first_text + e.text_count - 1) + ": ";
  } else if (e.first_text) {
    text += "text " + std::to_string(*e.first_text) + ": ";
  }
  text += display(e.message);  // May have names of the collection's configuration, or the provider's text.
  if (e.status != 0) {
    text += " (" + std::to_string(e.status) + reason_phrase(e.status);
    if (!e.code.empty()) text += ", " + e.code;
    text += ")";
  }
  if (!e.request_id.empty()) text += " [request id " + e.request_id + "]";
  return text;
}

std::string describe(const ChromaHttpClientError::Kind& kind) {
  return std::visit(
      Overloaded{
          [](const RequestError& e) { return std::string("Request error: ") + e.message; },
          [](const ApiError& e) { return describe(e); },
          [](const CouldNotResolveDatabaseId& e) { return "Could not resolve database ID: " + e.message; },
          [](const SerdeError& e) {
            std::string text = "Serialization/Deserialization error: " + display(e.message);
            if (!e.path.empty()) text += " at " + display(e.path);
            return text;
          },
          [](const ValidationError& e) { return "Validation error: " + prefixed(e.field, e.message); },
          [](const InvalidWhere& e) { return e.message; },
          [](const SchemaBuilderError& e) { return e.message; },
          [](const NoBackendAvailable&) { return std::string("No backend is currently available"); },
          [](const MissingEmbeddingFunction&) {
            return std::string("You must provide an embedding function to compute embeddings from documents");
          },
          [](const MissingDocumentsForEmbedding&) {
            return std::string("Documents are required when embeddings are not provided");
          },
          [](const EmbeddingFunctionError& e) { return describe(e); },
      },
      kind);
}

std::string compose(const ChromaHttpClientError::Kind& kind, const std::string& operation,
                    std::size_t attempts) {
  std::string text = prefixed(operation, describe(kind));
  if (attempts > 1) text += " (after " + std::to_string(attempts) + " attempts)";
  return text;
}

}  // namespace

const char* to_string(Stage stage) noexcept {
  switch (stage) {
    case Stage::resolve:
      return "resolve";
    case Stage::connect:
      return "connect";
    case Stage::proxy:
      return "proxy";
    case Stage::tls:
      return "tls";
    case Stage::write:
      return "write";
    case Stage::read:
      return "read";
    case Stage::timeout:
      return "timeout";
    case Stage::cancelled:
      return "cancelled";
    case Stage::decode:
      return "decode";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, Stage stage) {
  return out << to_string(stage);
}

ChromaHttpClientError::ChromaHttpClientError(Kind kind, std::string operation, std::size_t attempts)
    : std::runtime_error(compose(kind, operation, attempts)),
      state_(std::make_shared<const State>(State{std::move(kind), std::move(operation), attempts})) {}

int ChromaHttpClientError::status() const noexcept {
  if (const auto* api = get_if<ApiError>()) return api->status;
  const auto* embedding = get_if<EmbeddingFunctionError>();
  return embedding != nullptr ? embedding->status : 0;
}

bool ChromaHttpClientError::is_retryable() const noexcept {
  if (const auto* request = get_if<RequestError>()) return core::is_transient(request->stage, request->code);
  if (const auto* embedding = get_if<EmbeddingFunctionError>()) return embedding->retryable;
  return core::is_transient(status());
}

ChromaHttpClientError ChromaHttpClientError::with_context(std::string operation, std::size_t attempts) const {
  return ChromaHttpClientError(state_->kind, std::move(operation), attempts);
}

}  // namespace chroma

#pragma once

/// @file
/// `ChromaHttpClientError`, the kinds of errors that it holds, and `Result`, which holds a value or an error.

#include <chroma/alternative.hpp>
#include <chroma/export.hpp>

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <variant>

namespace chroma {

/// The step of a call that failed before there was a complete response. More stages may be added: write a
/// default in a `switch` over this type.
enum class Stage {
  resolve,    ///< The name of the server or of the proxy could not be resolved.
  connect,    ///< No TCP connection could be opened, or it failed in a way that no other stage names.
  proxy,      ///< The proxy refused the request or the tunnel to the server.
  tls,        ///< The TLS handshake failed, for example because the certificate is not trusted.
  write,      ///< The connection failed while the request was sent.
  read,       ///< The connection failed or ended before the response was complete.
  timeout,    ///< The deadline of the call or the connect timeout expired.
  cancelled,  ///< The call was cancelled.
  decode,     ///< The response is not valid HTTP or not JSON, exceeds a limit, or is an unusable redirect.
};

/// The name of the stage as the enumerator is spelled, for example "connect".
[[nodiscard]] CHROMA_API const char* to_string(Stage stage) noexcept;
/// Writes `to_string(stage)`.
CHROMA_API std::ostream& operator<<(std::ostream& out, Stage stage);

/// There was no complete response: the connection could not be opened or failed, the deadline expired, the
/// call was cancelled, or what the server sent is not a response of Chroma. After a write the server may have
/// applied the request.
struct RequestError {
  Stage stage = Stage::connect;  ///< The step that failed.
  std::error_code code;  ///< The cause as the operating system or a library reported it; may be empty.
  std::string message;   ///< Names the server and says what to check.
};

/// The server responded with a status other than 2xx, usually 400 or more.
struct ApiError {
  /// The member `message` of the response; for a body of another form, what its JSON, HTML or text says. If
  /// the server refused a filter, what `Where::parse` does not accept about it follows in parentheses.
  std::string message;
  int status = 0;        ///< HTTP status code.
  std::string name;      ///< The member `error` of the response, for example "NotFoundError"; may be empty.
  std::string trace_id;  ///< The header `chroma-trace-id`; empty if there was none.
  std::optional<std::chrono::milliseconds> retry_after;  ///< The header `Retry-After`, as a delay from now.
  std::string body;                                      ///< The body as received, its first 64 KiB.
};

/// The tenant or the database of the call was not set, and the credentials do not belong to exactly one.
struct CouldNotResolveDatabaseId {
  std::string message;  ///< The reason.
};

/// A response, or JSON text that the caller passed, does not have the expected form.
struct SerdeError {
  std::string message;  ///< What was expected and what was found.
  std::string path;     ///< JSON pointer to the value, for example "/metadatas/0/1/k"; empty for the root.
};

/// An argument is invalid. Nothing was sent.
struct ValidationError {
  std::string message;  ///< The reason, with the index of the row where there is one.
  std::string field;    ///< The argument, for example "embeddings" or "searches[0].rank"; may be empty.
};

/// The JSON of a where clause could not be parsed.
struct InvalidWhere {
  std::string message;  ///< What is wrong and where, or the error in a regular expression.
};

/// A call of a schema builder, such as `Schema::create_index`, is not allowed.
struct SchemaBuilderError {
  std::string message;  ///< The reason.
};

/// No endpoint of the client is available.
struct NoBackendAvailable {};

/// The request has documents without embeddings, and the collection has no embedding function.
struct MissingEmbeddingFunction {};

/// The request has neither embeddings nor a document for every record.
struct MissingDocumentsForEmbedding {};

/// An embedding function failed: a provider refused the texts, its response does not have the expected form,
/// a model is missing, or a function of the caller threw. An error of the connection to a provider is a
/// `RequestError` instead.
struct EmbeddingFunctionError {
  std::string message;  ///< The message of the provider if it sent one, else the reason.
  int status = 0;       ///< HTTP status of the provider's response; 0 if there was none.
  std::string code =
      {};  ///< The provider's `code` or `type`, for example "insufficient_quota"; may be empty.
  std::string request_id = {};  ///< The provider's id of the request, for its support; may be empty.
  std::string body = {};        ///< The body of the response as received, its first 64 KiB; may be empty.
  bool retryable = false;       ///< True if the same texts may succeed later.
  std::optional<std::size_t> first_text = {};  ///< Index in the caller's list of the first text that failed.
  std::size_t text_count = 1;                  ///< Number of texts that failed, counted from `first_text`.
};

/// The exception of the library. Every awaited operation throws it, and so do `Where::parse`, `rrf`,
/// `Schema::create_index` and `Schema::delete_index`, `SparseVector` and the conversions from JSON.
/// Exceptions of other libraries do not leave the client, except `std::bad_alloc`.
///
/// Copying is cheap and does not throw, because copies share their state. Distinct objects may be used from
/// different threads at the same time.
class CHROMA_API ChromaHttpClientError : public std::runtime_error {
 public:
  /// What can go wrong. More alternatives may be added: a visitor needs a generic case.
  using Kind = std::variant<RequestError, ApiError, CouldNotResolveDatabaseId, SerdeError, ValidationError,
                            InvalidWhere, SchemaBuilderError, NoBackendAvailable, MissingEmbeddingFunction,
                            MissingDocumentsForEmbedding, EmbeddingFunctionError>;

  /// @param operation the name of the operation as in the Rust crate, for example "collection_get"; empty
  /// outside a call
  /// @param attempts how many attempts there were; 1 if nothing was retried
  explicit ChromaHttpClientError(Kind kind, std::string operation = {}, std::size_t attempts = 1);

  /// The details, as a variant to visit.
  [[nodiscard]] const Kind& kind() const noexcept { return state_->kind; }

  /// The details if they are a `T`, else nullptr.
  template <detail::AlternativeOf<Kind> T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&state_->kind);
  }

  /// True if the details are a `T`.
  template <detail::AlternativeOf<Kind> T>
  [[nodiscard]] bool is() const noexcept {
    return std::holds_alternative<T>(state_->kind);
  }

  /// The HTTP status of an `ApiError` or an `EmbeddingFunctionError`, 0 for every other kind.
  [[nodiscard]] int status() const noexcept;

  /// True if the same call may succeed later: for a status of 429, 500, 502, 503 or 504, and for a
  /// `RequestError` unless it is a cancellation, a response that cannot be decoded (`Stage::decode`), or an
  /// error that TLS itself reports, such as a certificate that is not trusted. For an
  /// `EmbeddingFunctionError` it is its member `retryable`. It does not say that repeating is safe: the
  /// server may have applied a write.
  [[nodiscard]] bool is_retryable() const noexcept;

  /// How many attempts there were; 1 if nothing was retried.
  [[nodiscard]] std::size_t attempts() const noexcept { return state_->attempts; }

  /// The name of the operation, for example "collection_get"; empty outside a call.
  [[nodiscard]] const std::string& operation() const noexcept { return state_->operation; }

  /// Returns the same error with another operation and number of attempts.
  [[nodiscard]] ChromaHttpClientError with_context(std::string operation, std::size_t attempts) const;

 private:
  struct State {
    Kind kind;
    std::string operation;
    std::size_t attempts;
  };
  std::shared_ptr<const State> state_;
};

/// A value or a `ChromaHttpClientError`. A default-constructed object holds neither, and its `value()`
/// throws. The compiler warns about a statement that discards it and so ignores the error; GCC 12 does not if
/// the statement is a `co_await`.
///
/// Distinct objects may be used from different threads at the same time, a const object from several.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  /// Holds neither a value nor an error.
  Result() = default;
  /// Holds a value.
  Result(T value) : state_(std::in_place_index<1>, std::move(value)) {}
  /// Holds an error.
  Result(ChromaHttpClientError error) : state_(std::in_place_index<2>, std::move(error)) {}

  /// True if it holds a value.
  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 1; }
  /// The same as `has_value()`.
  explicit operator bool() const noexcept { return has_value(); }

  /// The value.
  /// @throws ChromaHttpClientError the error, if it holds one; std::logic_error if it holds neither
  [[nodiscard]] T& value() & { return require_value(), *std::get_if<1>(&state_); }
  [[nodiscard]] const T& value() const& { return require_value(), *std::get_if<1>(&state_); }
  [[nodiscard]] T&& value() && { return require_value(), std::move(*std::get_if<1>(&state_)); }

  /// The value, unchecked. @pre `has_value()`
  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] T* operator->() noexcept { return std::get_if<1>(&state_); }
  [[nodiscard]] const T* operator->() const noexcept { return std::get_if<1>(&state_); }

  /// The error. @throws std::logic_error if it holds no error
  [[nodiscard]] const ChromaHttpClientError& error() const {
    if (const auto* error = std::get_if<2>(&state_)) return *error;
    throw std::logic_error("chroma::Result holds no error");
  }

 private:
  void require_value() const {
    if (const auto* error = std::get_if<2>(&state_)) throw *error;
    if (!has_value()) throw std::logic_error("chroma::Result is empty");
  }
  std::variant<std::monostate, T, ChromaHttpClientError> state_;
};

/// Success or a `ChromaHttpClientError`. A default-constructed object holds neither, and its `value()`
/// throws. The compiler warns about a statement that discards it and so ignores the error; GCC 12 does not if
/// the statement is a `co_await`.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  /// Holds neither success nor an error.
  Result() = default;
  /// Holds success.
  Result(std::monostate) : done_(true) {}
  /// Holds an error.
  Result(ChromaHttpClientError error) : error_(std::move(error)) {}

  /// True if it holds success.
  [[nodiscard]] bool has_value() const noexcept { return done_; }
  /// The same as `has_value()`.
  explicit operator bool() const noexcept { return done_; }

  /// Returns if it holds success.
  /// @throws ChromaHttpClientError the error, if it holds one; std::logic_error if it holds neither
  void value() const {
    if (error_) throw *error_;
    if (!done_) throw std::logic_error("chroma::Result is empty");
  }

  /// The error. @throws std::logic_error if it holds no error
  [[nodiscard]] const ChromaHttpClientError& error() const {
    if (error_) return *error_;
    throw std::logic_error("chroma::Result holds no error");
  }

 private:
  bool done_ = false;
  std::optional<ChromaHttpClientError> error_;
};

}  // namespace chroma

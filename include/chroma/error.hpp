#pragma once

/// @file
/// The one error class of the library, its kinds, and the value-or-error type `Result`.

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

/// The step of a call that failed before a complete answer was there.
enum class Stage { resolve, connect, proxy, tls, write, read, timeout, cancelled, decode };

/// The stage's name as the enumerator is spelled, for example "connect".
[[nodiscard]] CHROMA_API const char* to_string(Stage stage) noexcept;
CHROMA_API std::ostream& operator<<(std::ostream& out, Stage stage);

/// No complete answer came: resolving, connecting, TLS, writing, reading, the deadline or a cancellation.
struct RequestError {
  Stage stage = Stage::connect;  ///< Where it failed.
  std::error_code code;          ///< The cause as the system reported it; may be empty.
  std::string message;           ///< Names the server and says what to check.
};

/// The server answered with a status of 400 or more.
struct ApiError {
  std::string message;   ///< The server's `message`, or what can be said of a body of another form.
  int status = 0;        ///< HTTP status code.
  std::string name;      ///< The server's `error`, for example "NotFoundError"; empty if it sent none.
  std::string trace_id;  ///< Header `chroma-trace-id`; empty if absent.
  std::optional<std::chrono::milliseconds> retry_after;  ///< Header `Retry-After`, as a delay.
  std::string body;                                      ///< The body as received, at most 64 KiB of it.
};

/// The credentials do not lead to exactly one database.
struct CouldNotResolveDatabaseId {
  std::string message;
};

/// An answer, or a JSON text given by the caller, does not have the expected form.
struct SerdeError {
  std::string message;  ///< What was expected and what was found.
  std::string path;     ///< JSON pointer to the place, for example "/metadatas/0/1/k"; empty for the root.
};

/// An argument was refused before anything was sent.
struct ValidationError {
  std::string message;  ///< The reason, with the row where there is one.
  std::string field;    ///< The argument, for example "embeddings" or "searches[0].rank"; may be empty.
};

/// A where clause could not be parsed.
struct InvalidWhere {
  std::string message;  ///< "Invalid where clause" and the place, or the regular expression's fault.
};

/// A schema builder refused a step.
struct SchemaBuilderError {
  std::string message;
};

/// No endpoint is available.
struct NoBackendAvailable {};

/// Documents were given without embeddings, and the collection has no embedding function.
struct MissingEmbeddingFunction {};

/// Neither embeddings nor documents were given for every record.
struct MissingDocumentsForEmbedding {};

/// An embedding function failed: a provider refused the texts, its response has not the expected form, a
/// model is missing, or a function of the caller's own threw. What the transport below such a function
/// reports stays a `RequestError`.
struct EmbeddingFunctionError {
  std::string message;  ///< The provider's own words where it sent any, else what is wrong.
  int status = 0;       ///< HTTP status of the provider's response; 0 if there was none.
  std::string code =
      {};  ///< The provider's `code` or `type`, for example "insufficient_quota"; may be empty.
  std::string request_id = {};  ///< The provider's id of the request, for its support; may be empty.
  std::string body = {};        ///< The response's body as received, at most 64 KiB of it; may be empty.
  bool retryable = false;       ///< True if the same texts may succeed later.
  std::optional<std::size_t> first_text = {};  ///< Place in the caller's list of the first text at fault.
  std::size_t text_count = 1;                  ///< How many texts are at fault, from `first_text` on.
};

/// Thrown by every awaited operation, and by `Where::parse`, `rrf`, `Schema::create_index`, `SparseVector`
/// and conversions from JSON. No exception of another library leaves the client.
///
/// Copies share their state, so they are cheap and do not throw. Distinct objects may be used from any
/// thread.
class CHROMA_API ChromaHttpClientError : public std::runtime_error {
 public:
  using Kind = std::variant<RequestError, ApiError, CouldNotResolveDatabaseId, SerdeError, ValidationError,
                            InvalidWhere, SchemaBuilderError, NoBackendAvailable, MissingEmbeddingFunction,
                            MissingDocumentsForEmbedding, EmbeddingFunctionError>;

  /// @param operation the operation's name as in the crate ("collection_get"); empty outside a call
  /// @param attempts how many times the request was tried, 1 when nothing was retried
  explicit ChromaHttpClientError(Kind kind, std::string operation = {}, std::size_t attempts = 1);

  /// What went wrong, as a variant to visit.
  [[nodiscard]] const Kind& kind() const noexcept { return state_->kind; }

  /// The kind `T` if that is what went wrong, else nullptr.
  template <class T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&state_->kind);
  }

  /// True if what went wrong is a `T`.
  template <class T>
  [[nodiscard]] bool is() const noexcept {
    return std::holds_alternative<T>(state_->kind);
  }

  /// The HTTP status of an `ApiError` or an `EmbeddingFunctionError`, 0 for every other kind.
  [[nodiscard]] int status() const noexcept;

  /// True if the same call may succeed later: 429, 500, 502, 503, 504, and transport failures but for a
  /// cancellation, an answer that is none, and what TLS refuses (as a certificate). An
  /// `EmbeddingFunctionError` says it itself. It says nothing about whether repeating is safe: a write may
  /// have been applied.
  [[nodiscard]] bool is_retryable() const noexcept;

  /// How many times the request was tried; 1 when nothing was retried.
  [[nodiscard]] std::size_t attempts() const noexcept { return state_->attempts; }

  /// The operation's name, for example "collection_get"; empty outside a call.
  [[nodiscard]] const std::string& operation() const noexcept { return state_->operation; }

  /// The same error with the operation and the number of attempts set.
  [[nodiscard]] ChromaHttpClientError with_context(std::string operation, std::size_t attempts) const;

 private:
  struct State {
    Kind kind;
    std::string operation;
    std::size_t attempts;
  };
  std::shared_ptr<const State> state_;
};

/// A value or a `ChromaHttpClientError`. A default one is empty: neither, and `value()` throws.
template <class T>
class Result {
 public:
  using value_type = T;

  Result() = default;
  Result(T value) : state_(std::in_place_index<1>, std::move(value)) {}
  Result(ChromaHttpClientError error) : state_(std::in_place_index<2>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 1; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value. @throws ChromaHttpClientError the error, if that is held; std::logic_error if empty.
  [[nodiscard]] T& value() & { return require_value(), *std::get_if<1>(&state_); }
  [[nodiscard]] const T& value() const& { return require_value(), *std::get_if<1>(&state_); }
  [[nodiscard]] T&& value() && { return require_value(), std::move(*std::get_if<1>(&state_)); }

  /// The value without a throw of the error; @pre `has_value()`.
  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] T* operator->() noexcept { return std::get_if<1>(&state_); }
  [[nodiscard]] const T* operator->() const noexcept { return std::get_if<1>(&state_); }

  /// The error. @throws std::logic_error if there is none.
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

/// Success or a `ChromaHttpClientError`; a default one is empty.
template <>
class Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(std::monostate) : done_(true) {}
  Result(ChromaHttpClientError error) : error_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return done_; }
  explicit operator bool() const noexcept { return done_; }

  /// @throws ChromaHttpClientError the error, if that is held; std::logic_error if empty.
  void value() const {
    if (error_) throw *error_;
    if (!done_) throw std::logic_error("chroma::Result is empty");
  }

  /// The error. @throws std::logic_error if there is none.
  [[nodiscard]] const ChromaHttpClientError& error() const {
    if (error_) return *error_;
    throw std::logic_error("chroma::Result holds no error");
  }

 private:
  bool done_ = false;
  std::optional<ChromaHttpClientError> error_;
};

}  // namespace chroma

#pragma once

/// @file
/// `FakeServer`: a Chroma server in memory for the unit tests of programs that use this library. It belongs
/// to the component `chroma::testing`; `chroma/chroma.hpp` does not include it.

#include <chroma/export.hpp>
#include <chroma/options.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma::testing {

/// A fault that a `FakeServer` produces on demand: the requests that it applies to, and what happens to them.
///
///     server.inject(Fault::respond(503));  // the next request
///     server.inject(Fault::respond(429).retry_after(1s).operation("collection_query").times(2));
///     server.inject(Fault::drop().operation("collection_add").nth(3));  // the third add from now on
///
/// Setters return the object: by reference on an lvalue, by move on a temporary.
class CHROMA_API Fault {
 public:
  /// Sends this status in place of processing the request. Unless `body` sets another, the body is an error
  /// as the server writes it: `{"error": "ChromaError", "message": "fault injected by FakeServer"}`, with the
  /// name that belongs to the status.
  [[nodiscard]] static Fault respond(int status);
  /// Processes the request and sends its response after this time. Other requests are not delayed.
  [[nodiscard]] static Fault delay(std::chrono::milliseconds time);
  /// Closes the connection without a response and without processing the request.
  [[nodiscard]] static Fault drop();
  /// Processes the request, then closes the connection without a response.
  [[nodiscard]] static Fault drop_response();

  Fault(const Fault&) = default;
  Fault(Fault&&) = default;
  Fault& operator=(const Fault&) = default;
  Fault& operator=(Fault&&) = default;
  ~Fault() = default;

  /// Only requests of this operation, by the name that errors and `AttemptEvent` use: "collection_add",
  /// "heartbeat". `create_collection` and `get_or_create_collection` are both "create_collection".
  Fault& operation(std::string name) &;
  Fault operation(std::string name) && { return std::move(operation(std::move(name))); }
  /// Only requests whose path contains this text. The path is the one that was sent, percent-encoded and
  /// with its query.
  Fault& path(std::string part) &;
  Fault path(std::string part) && { return std::move(path(std::move(part))); }
  /// The first request that the fault is applied to, counted from 1 among the matching requests after its
  /// injection; 1 unless set.
  Fault& nth(std::size_t n) &;
  Fault nth(std::size_t n) && { return std::move(nth(n)); }
  /// The number of successive matching requests that the fault is applied to; 1 unless set.
  Fault& times(std::size_t count) &;
  Fault times(std::size_t count) && { return std::move(times(count)); }
  /// Delays what the fault does by this time.
  Fault& after(std::chrono::milliseconds time) &;
  Fault after(std::chrono::milliseconds time) && { return std::move(after(time)); }
  /// The body of `respond`, and its content type.
  Fault& body(std::string text, std::string content_type = "application/json") &;
  Fault body(std::string text, std::string content_type = "application/json") && {
    return std::move(body(std::move(text), std::move(content_type)));
  }
  /// A further header of `respond`.
  Fault& header(std::string name, std::string value) &;
  Fault header(std::string name, std::string value) && {
    return std::move(header(std::move(name), std::move(value)));
  }
  /// The header `Retry-After` of `respond`.
  Fault& retry_after(std::chrono::seconds time) &;
  Fault retry_after(std::chrono::seconds time) && { return std::move(retry_after(time)); }

 private:
  friend class FaultPlan;
  enum class Action { Respond, Process, Drop, ProcessAndDrop };

  explicit Fault(Action action) : action_(action) {}

  Action action_;
  int status_ = 0;
  std::optional<std::string> body_;
  std::string content_type_;
  Headers headers_;
  std::chrono::milliseconds delay_{0};
  std::string operation_;
  std::string path_;
  std::size_t nth_ = 1;
  std::size_t times_ = 1;
};

/// A request that a `FakeServer` received.
struct CHROMA_API ReceivedRequest {
  ReceivedRequest() = default;

  std::string operation;  ///< As in `Fault::operation`; empty for a path that Chroma does not have.
  std::string method;     ///< HTTP method.
  std::string target;     ///< Path and query as sent, percent-encoded.
  Headers headers;        ///< Names as sent.
  std::string body;       ///< JSON, or empty.
};

/// A Chroma server in memory, with a real HTTP port of 127.0.0.1, for unit tests:
///
///     chroma::testing::FakeServer server;
///     chroma::Runtime runtime;
///     chroma::ChromaHttpClient client(runtime.executor(), server.options());
///
/// It behaves as a single-node Chroma 1.5.9 does, including statuses, error bodies and the order of records.
/// The project's own tests send random operations to both and compare the responses. It has tenants,
/// databases, collections and records, filters on metadata and documents, and queries by L2, cosine and inner
/// product. `POST /reset` is allowed. It refuses what a single-node server does not support (search, fork,
/// functions) as that server does. Differences:
///
/// - Queries are exact, not approximate; records at the same distance come in the order of their insertion.
///   A query for 0 results returns none; the real server closes the connection.
/// - Ids of collections and databases are counted, so that every run has the same ones.
/// - Patterns of `$regex` are evaluated by Boost.Regex on code points. Parts of Rust's syntax that it lacks
///   (`\p{Greek}`, `[a-z&&[^b]]`, `(?-u)`) are refused with 501, and classes such as `\w` follow the C
///   library.
/// - Errors about JSON of the wrong form (400 and 422) name the member, but no line and column.
///
/// The server runs on a thread of its own. All members may be called from any thread at any time. The
/// destructor closes all connections at once, also those whose request has had no response.
class CHROMA_API FakeServer {
 public:
  /// Listens on a free port. @throws std::system_error if there is none
  FakeServer();
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  /// `http://127.0.0.1:PORT`.
  [[nodiscard]] const std::string& endpoint() const noexcept;
  /// Options for a client of this server: its endpoint, the tenant and the database that it begins with, no
  /// proxy, and no waits between retries.
  [[nodiscard]] ChromaHttpClientOptions options() const;

  /// Adds a fault for later requests. Of several faults that match a request, the first one in the order of
  /// injection whose `nth` request it is applies; the faults after it do not count this request.
  void inject(Fault fault);

  /// How many requests of this operation were received, including those that a fault was applied to.
  [[nodiscard]] std::size_t calls(std::string_view operation) const;
  /// All counts by operation.
  [[nodiscard]] std::map<std::string, std::size_t> calls() const;
  /// The requests in the order in which they were received, including those that a fault was applied to.
  [[nodiscard]] std::vector<ReceivedRequest> requests() const;
  /// Forgets the requests and their counts; data and faults stay.
  void forget_requests();

  /// Restores the initial state: removes all data, all faults and all requests. Open connections stay open.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chroma::testing

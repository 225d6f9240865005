#pragma once

#include "client/single_flight.hpp"
#include "transport/http_transport.hpp"

#include <chroma/options.hpp>
#include <chroma/responses.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace chroma::detail {

namespace asio = boost::asio;

/// Whether writes may carry base64: asked once for all.
struct Base64Hint {
  std::shared_ptr<SingleFlight<bool>> takes_base64 = std::make_shared<SingleFlight<bool>>();
  std::atomic<transport::Clock::time_point> ask_again{};  ///< Not before, when the last question failed.
};

/// What all copies of a client share.
struct Connection {
  std::string server;     ///< "http://host:port/prefix", for messages.
  std::string base_path;  ///< "/prefix/api/v2"
  transport::HttpTransport transport;
  EmbeddingEncoding encoding;
  Logger logger;
  std::unique_ptr<Base64Hint> base64 = std::make_unique<Base64Hint>();
};

/// What is fixed when a handle is made: the limits of its calls, and their headers besides those that the
/// transport sends with every request.
struct CallSettings {
  Headers headers;       ///< Credentials included.
  Headers without_auth;  ///< The same without the auth method's.
  std::chrono::milliseconds timeout;
  ChromaRetryOptions retry;
};

/// Tenant and database of a handle: given, or found by asking. Thread-safe.
class Scope {
 public:
  using Identity = SingleFlight<GetUserIdentityResponse>;

  Scope(std::optional<std::string> tenant, std::optional<std::string> database)
      : tenant_(std::move(tenant)), database_(std::move(database)) {}
  /// The values as they are now; what becomes known later on either side stays there.
  Scope(const Scope& other);
  Scope& operator=(const Scope&) = delete;

  [[nodiscard]] std::optional<std::string> tenant() const;
  [[nodiscard]] std::optional<std::string> database() const;
  void set_tenant(std::string tenant);
  void set_database(std::string database);
  [[nodiscard]] const std::shared_ptr<Identity>& identity() const noexcept { return identity_; }

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> tenant_;
  std::optional<std::string> database_;
  std::shared_ptr<Identity> identity_ = std::make_shared<Identity>();
};

/// One handle's state. Its calls share it, so that the handle may die while they run.
class ClientState {
 public:
  ClientState(std::shared_ptr<const Connection> connection, CallSettings settings, Scope scope)
      : connection_(std::move(connection)), settings_(std::move(settings)), scope_(scope) {}
  ClientState(const ClientState&) = default;
  ClientState& operator=(const ClientState&) = delete;

  [[nodiscard]] const Connection& connection() const noexcept { return *connection_; }
  [[nodiscard]] const CallSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] Scope& scope() const noexcept { return scope_; }

  /// @throws ChromaHttpClientOptionsError if a header, a duration or the retry policy is invalid
  [[nodiscard]] std::shared_ptr<ClientState> with_options(CallOptions options) const;
  [[nodiscard]] std::shared_ptr<ClientState> with_scope(const ChromaAuthMethod& auth, std::string tenant,
                                                        std::string database) const;

 private:
  std::shared_ptr<const Connection> connection_;
  CallSettings settings_;
  mutable Scope scope_;
};

/// Checks the options and makes what lies behind a client. No I/O.
/// @throws ChromaHttpClientOptionsError
[[nodiscard]] std::shared_ptr<ClientState> make_client_state(asio::any_io_executor executor,
                                                             ChromaHttpClientOptions options);

}  // namespace chroma::detail

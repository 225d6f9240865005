#pragma once

#include "client/backend.hpp"
#include "client/scope.hpp"

#include <chroma/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace chroma::detail {

namespace asio = boost::asio;

/// The settings of a handle's calls, checked when the handle is made.
struct CallSettings {
  Headers headers;       ///< The headers that do not belong to the backend. They include credentials.
  Headers without_auth;  ///< `headers` without the header of the `auth_method`.
  std::chrono::milliseconds timeout;
  ChromaRetryOptions retry;
  EmbeddingEncoding encoding;
  Logger logger;
  /// The client's options with the credentials of the handle, for the embedding functions that it builds.
  std::shared_ptr<const ChromaHttpClientOptions> options;
};

/// The state of one client handle. Running calls share it, so the handle may be destroyed before they end.
class ClientState {
 public:
  ClientState(std::shared_ptr<const Backend> backend, CallSettings settings, const Scope& scope)
      : backend_(std::move(backend)), settings_(std::move(settings)), scope_(scope) {}
  ClientState(const ClientState&) = default;
  ClientState& operator=(const ClientState&) = delete;

  /// The server that calls are sent to.
  [[nodiscard]] const Backend& backend() const noexcept { return *backend_; }
  [[nodiscard]] const CallSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] Scope& scope() const noexcept { return scope_; }

  /// @throws ChromaHttpClientOptionsError if a header, a duration or the retry policy is invalid
  [[nodiscard]] std::shared_ptr<ClientState> with_options(const CallOptions& options) const;
  /// @throws ChromaHttpClientOptionsError if the client sets the header of `auth` itself
  [[nodiscard]] std::shared_ptr<ClientState> with_scope(const ChromaAuthMethod& auth, std::string tenant,
                                                        std::string database) const;

 private:
  std::shared_ptr<const Backend> backend_;
  CallSettings settings_;
  mutable Scope scope_;
};

/// Whether Chroma Cloud's header is among them.
[[nodiscard]] bool has_cloud_token(const Headers& headers);

/// Checks the options and makes the state of a client. Does no I/O.
/// @throws ChromaHttpClientOptionsError
[[nodiscard]] std::shared_ptr<ClientState> make_client_state(asio::any_io_executor executor,
                                                             ChromaHttpClientOptions options);

}  // namespace chroma::detail

#pragma once

#include "client/path.hpp"
#include "client/single_flight.hpp"

#include <chroma/responses.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace chroma::detail {

/// The tenant and the database of a client handle. They are given by the options or by a setter, or else
/// taken from the identity of the credentials, which is requested from the server. Thread-safe.
class Scope {
 public:
  using Identity = SingleFlight<GetUserIdentityResponse>;

  Scope(std::optional<std::string> tenant, std::optional<std::string> database)
      : tenant_(std::move(tenant)), database_(std::move(database)) {}
  /// Copies the current values, including the cached identity. Later changes of one object do not affect the
  /// other.
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

struct Call;

/// The tenant of the call; requested from the server if it is unknown. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<std::string> resolve_tenant(Call call);
/// The database of the call; requested from the server if it is unknown. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<std::string> resolve_database(Call call);

/// "/tenants/{T}", with the tenant resolved. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<Path> tenant_path(Call call);
/// "/tenants/{T}/databases/{D}", with both resolved. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<Path> database_path(Call call);

}  // namespace chroma::detail

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

/// The tenant and the database of a client handle: given by the options or by a setter, or else found by
/// asking the server for the identity of the credentials. Thread-safe.
class Scope {
 public:
  using Identity = SingleFlight<GetUserIdentityResponse>;

  Scope(std::optional<std::string> tenant, std::optional<std::string> database)
      : tenant_(std::move(tenant)), database_(std::move(database)) {}
  /// Copies the values as they are now, the cached identity included. Later changes of either object do not
  /// show in the other.
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

/// The tenant that the call is for; asked from the server if it is unknown. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<std::string> resolve_tenant(Call call);
/// The database that the call is for; asked from the server if it is unknown. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<std::string> resolve_database(Call call);

/// "/tenants/{T}", with the tenant resolved. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<Path> tenant_path(Call call);
/// "/tenants/{T}/databases/{D}", with both resolved. @throws ChromaHttpClientError
[[nodiscard]] boost::asio::awaitable<Path> database_path(Call call);

}  // namespace chroma::detail

#pragma once

#include "transport/connector.hpp"
#include "transport/url.hpp"

#include <chroma/options.hpp>

#include <memory>
#include <optional>
#include <string>

namespace chroma::transport {

struct NetworkEnvironment;

/// TCP or TLS to an origin, directly or through a proxy.
/// @param proxy as ChromaHttpClientOptions::proxy; unset reads the environment now
/// @throws std::invalid_argument for an unusable proxy; ChromaHttpClientError (stage tls) for unreadable TLS
/// files
[[nodiscard]] std::unique_ptr<Connector> make_network_connector(Origin origin, TlsOptions tls,
                                                                const std::optional<std::string>& proxy);

/// The same with name resolution and environment variables replaced, for tests.
[[nodiscard]] std::unique_ptr<Connector> make_network_connector(Origin origin, TlsOptions tls,
                                                                const std::optional<std::string>& proxy,
                                                                NetworkEnvironment environment);

}  // namespace chroma::transport

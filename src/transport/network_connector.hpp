#pragma once

#include "transport/connector.hpp"
#include "transport/network_hooks.hpp"
#include "transport/url.hpp"

#include <chroma/options.hpp>

#include <memory>
#include <optional>
#include <string>

namespace chroma::transport {

/// TCP or TLS to an origin, directly or through a proxy. Does no I/O but reading the files that `tls` names.
/// @param proxy as ChromaHttpClientOptions::proxy; if unset, the environment variables are read now
/// @param hooks replace name resolution and environment variables in tests
/// @param tcp_keepalive as ChromaHttpClientOptions::tcp_keepalive
/// @throws std::invalid_argument for an unusable proxy; ChromaHttpClientError (stage tls) for TLS files that
/// cannot be used
[[nodiscard]] std::unique_ptr<Connector> make_network_connector(Origin origin, TlsOptions tls,
                                                                const std::optional<std::string>& proxy,
                                                                NetworkHooks hooks = NetworkHooks(),
                                                                bool tcp_keepalive = true);

}  // namespace chroma::transport

#pragma once

/// @file
/// Options that all embedding functions have which call an HTTP service.

#include <chroma/export.hpp>
#include <chroma/logger.hpp>
#include <chroma/observer.hpp>
#include <chroma/options.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace chroma::embed {

/// How an embedding function reaches its service. The members have the names, defaults and rules of those of
/// `ChromaHttpClientOptions`.
///
/// A call of an embedding function is one operation with one deadline, however many requests it takes. Texts
/// can be embedded again without harm, so every request counts as idempotent for `retry_options`. In addition
/// to the statuses listed there, 408 and 409 are retried; a 429 whose code is `insufficient_quota` and a 500
/// that says that the input is too large are not. The headers `retry-after-ms` and `x-should-retry` are
/// obeyed.
struct CHROMA_API HttpEmbeddingOptions {
  HttpEmbeddingOptions() = default;

  /// Deadline of a call, over all its requests and their attempts; zero means no deadline.
  std::chrono::milliseconds request_timeout{60'000};
  std::chrono::milliseconds connect_timeout{10'000};  ///< Limit for opening a connection; zero means none.
  ChromaRetryOptions retry_options;                   ///< Retry policy of every request.
  TlsOptions tls;                                     ///< For https services and https proxies.
  std::optional<std::string> proxy;                   ///< As `ChromaHttpClientOptions::proxy`.
  Headers default_headers;                            ///< Headers of every request.
  Observer observer;                                  ///< Called after every attempt; none by default.
  Logger logger;                                      ///< Destination of log lines; silent by default.
  /// Most texts of one request. Zero: the limit of the service. A refusal that says that there were too many
  /// texts lowers the number for this function, and the texts are sent in smaller requests.
  std::size_t max_texts = 0;
  std::size_t max_parallel = 4;  ///< Most requests of one call that are under way at once; at least 1.
};

}  // namespace chroma::embed

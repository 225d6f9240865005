#pragma once

#include <chroma/error.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace chroma::bulk {

/// What to do with a batch after its request has failed.
enum class Verdict {
  Repeat,       ///< The same request may succeed later.
  TimedOut,     ///< The same request may succeed later; fewer rows take less time.
  TooLarge,     ///< The body has too many bytes.
  TooManyRows,  ///< More rows than a quota allows.
  BadRows,      ///< One row or more is at fault.
  Throttled,    ///< The server limits the rate of requests.
  Stop,         ///< Every further request would be refused as well.
};

struct Refusal {
  Verdict verdict = Verdict::Repeat;
  std::size_t rows = 0;                   ///< `TooManyRows`: the limit; 0 if it is not named.
  std::chrono::milliseconds pause{1000};  ///< `Throttled`: the first pause.
  std::optional<std::chrono::milliseconds> retry_after{};  ///< `Throttled`: what the server asked for.
};

/// The limit that a message of the server names: "... exceeds limit of 300" gives 300; 0 if there is none.
[[nodiscard]] std::size_t limit_named(std::string_view message);

/// Classifies the error of one attempt of a write by the status and the message of the response.
[[nodiscard]] Refusal judge(const ChromaHttpClientError& error);
/// Classifies the error of one call of an embedding function: `Repeat`, `TimedOut`, `BadRows` or `Stop`.
[[nodiscard]] Verdict judge_embedding(const ChromaHttpClientError& error);

}  // namespace chroma::bulk

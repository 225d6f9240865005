#pragma once

#include <chroma/error.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace chroma::bulk {

/// What to do with a batch after its request has failed.
enum class Verdict {
  Repeat,       ///< It may pass later.
  TimedOut,     ///< It may pass later, with fewer rows sooner.
  TooLarge,     ///< The body has too many bytes.
  TooManyRows,  ///< More rows than a quota allows.
  BadRows,      ///< One row or more is at fault.
  Throttled,    ///< The server wants to be left alone for a while.
  Stop,         ///< Every further request would be refused too.
};

struct Refusal {
  Verdict verdict = Verdict::Repeat;
  std::size_t rows = 0;                   ///< `TooManyRows`: the limit; 0 if it is not named.
  std::chrono::milliseconds pause{1000};  ///< `Throttled`: the first pause.
  std::optional<std::chrono::milliseconds> retry_after{};  ///< `Throttled`: what the server asked for.
};

/// Judges an error of one attempt of a write by status and by the server's words.
[[nodiscard]] Refusal judge(const ChromaHttpClientError& error);

}  // namespace chroma::bulk

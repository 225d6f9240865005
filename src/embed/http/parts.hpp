#pragma once

#include "embed/checked.hpp"
#include "embed/http/parallel.hpp"
#include "embed/http/provider_error.hpp"
#include "embed/http/service.hpp"

#include <chroma/embeddings.hpp>
#include <chroma/error.hpp>
#include <chroma/sparse_vector.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chroma::embed {

namespace asio = boost::asio;

/// A limit for all calls of a function, which is lowered when the provider refuses a request. Thread-safe.
class Limit {
 public:
  explicit Limit(std::size_t value) : value_(value) {}
  [[nodiscard]] std::size_t get() const noexcept { return value_; }
  void set(std::size_t value) noexcept { value_ = value; }
  void lower_to(std::size_t value) noexcept {
    for (auto current = value_.load(); value < current && !value_.compare_exchange_weak(current, value);) {
    }
  }

 private:
  std::atomic<std::size_t> value_;
};

/// The limits of one request.
struct RequestLimits {
  RequestLimits(std::size_t most_texts, std::size_t most_bytes) : texts(most_texts), bytes(most_bytes) {}
  Limit texts;
  Limit bytes;  ///< Of all texts together. A request with a single text may be longer.
};

/// Consecutive texts of a call that are sent in one request.
struct Part {
  std::size_t first;
  std::size_t count;
};

/// Divides the texts of a call into parts. Not thread-safe.
class PartQueue {
 public:
  explicit PartQueue(std::span<const std::string> texts) : texts_(texts) {}

  /// Takes the next part within the limits; returns nothing if no text is left.
  [[nodiscard]] std::optional<Part> take(const RequestLimits& limits);
  /// Puts back a part of at least two texts, as two parts.
  void give_back_halves(Part part);
  /// The number of parts if no refusal changes it.
  [[nodiscard]] std::size_t estimate(const RequestLimits& limits) const;

 private:
  /// How many of the texts before `end` fit in one request; at least 1.
  [[nodiscard]] std::size_t count_from(std::size_t first, std::size_t end, const RequestLimits& limits) const;

  std::span<const std::string> texts_;
  std::size_t next_ = 0;
  std::vector<Part> returned_;
};

/// The error of a part, with the indices of its texts in the caller's list.
[[nodiscard]] ChromaHttpClientError error_of_part(const ChromaHttpClientError& error, Part part);

/// The rows of all parts in order.
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError if the parts have rows of different lengths
[[nodiscard]] Embeddings join(std::map<std::size_t, Embeddings> parts);
[[nodiscard]] std::vector<SparseVector> join(std::map<std::size_t, std::vector<SparseVector>> parts);

/// One call of a function whose texts may need several requests.
template <class Rows>
struct PartsCall {
  /// Embeds texts with one request. It keeps alive what it uses.
  using Request = std::function<asio::awaitable<Rows>(std::span<const std::string> texts)>;

  PartsCall(std::vector<std::string> given, Request one_request,
            std::shared_ptr<RequestLimits> request_limits, std::size_t parallel)
      : texts(std::move(given)),
        request(std::move(one_request)),
        limits(std::move(request_limits)),
        most_parallel(parallel),
        queue(texts) {}
  PartsCall(const PartsCall&) = delete;
  PartsCall& operator=(const PartsCall&) = delete;

  const std::vector<std::string> texts;
  const Request request;
  const std::shared_ptr<RequestLimits> limits;
  const std::size_t most_parallel;
  PartQueue queue;
  std::map<std::size_t, Rows> done;  ///< By the index of their first text.
};

/// Decides about a refused part: puts it back as two parts, or throws the error of the call.
template <class Rows>
void divide(PartsCall<Rows>& call, Part part, const ChromaHttpClientError& error) {
  const auto* refused = error.get_if<EmbeddingFunctionError>();
  const auto reason = refused != nullptr && part.count > 1 ? refusal_of(*refused) : Refusal::other;
  if (reason == Refusal::other) throw error_of_part(error, part);
  if (reason == Refusal::number_of_texts) call.limits->texts.lower_to(part.count / 2);
  if (reason == Refusal::size_of_request) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < part.count; ++i) bytes += call.texts[part.first + i].size();
    call.limits->bytes.lower_to(bytes / 2);
  }
  call.queue.give_back_halves(part);
}

/// Sends parts until none is left. Several may run on one strand.
template <class Rows>
asio::awaitable<void> send_parts(std::shared_ptr<PartsCall<Rows>> call) {
  while (const auto part = call->queue.take(*call->limits)) {
    Rows rows;
    std::optional<ChromaHttpClientError> failure;
    try {
      rows = co_await call->request(std::span(call->texts).subspan(part->first, part->count));
    } catch (const ChromaHttpClientError& error) {
      failure = error;
    }
    if (failure) {
      divide(*call, *part, *failure);
      continue;
    }
    check_result(rows, part->count, part->first);
    call->done.emplace(part->first, std::move(rows));
  }
}

/// Embeds the texts of a call with as many requests as are necessary. A part that fails ends the call; the
/// error has the indices of its texts.
template <class Rows>
asio::awaitable<Rows> embed_in_parts(std::shared_ptr<PartsCall<Rows>> call) {
  if (call->texts.empty()) co_return Rows();
  const std::size_t workers = std::min(call->queue.estimate(*call->limits), call->most_parallel);
  if (workers > 1) {
    const std::function<asio::awaitable<void>()> make = [call] { return send_parts<Rows>(call); };
    co_await run_in_parallel(workers, make);
  } else {
    co_await send_parts<Rows>(call);
  }
  co_return join(std::move(call->done));
}

/// A whole call of a function: checks the texts, embeds them in parts, and names the operation in errors.
template <class Rows>
asio::awaitable<Rows> embed_texts(std::shared_ptr<const Service> service, std::vector<std::string> texts,
                                  typename PartsCall<Rows>::Request request,
                                  std::shared_ptr<RequestLimits> limits, std::size_t most_parallel) {
  std::exception_ptr failure;
  try {
    check_utf8(texts);
    const auto call = std::make_shared<PartsCall<Rows>>(std::move(texts), std::move(request),
                                                        std::move(limits), most_parallel);
    co_return co_await embed_in_parts<Rows>(call);
  } catch (...) {
    failure = std::current_exception();
  }
  service->throw_with_operation(std::move(failure));
}

}  // namespace chroma::embed

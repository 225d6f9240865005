#include "bulk/refusal.hpp"

#include "bulk/checked_options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace chroma::bulk {
namespace {

using namespace std::string_view_literals;

Verdict judge_quota(std::string_view message) {
  if (message.starts_with("Quota exceeded: 'Number of records'")) return Verdict::TooManyRows;
  if (message.starts_with("Quota exceeded: 'Collection size (records)'")) return Verdict::Stop;
  if (message.starts_with("Billing limit exceeded")) return Verdict::Stop;
  return Verdict::BadRows;
}

Refusal judge_throttling(const ApiError& error) {
  Refusal refusal;
  refusal.verdict = Verdict::Throttled;
  if (error.retry_after) refusal.retry_after = std::min(*error.retry_after, longest_duration);
  const bool is_long = error.message.find("log needs compaction") != std::string::npos;
  if (is_long) refusal.pause = std::chrono::seconds(5);
  return refusal;
}

Refusal judge_response(const ApiError& error) {
  switch (error.status) {
    case 400:
      return {error.message.starts_with("Missing API key") ? Verdict::Stop : Verdict::BadRows};
    case 408:
    case 504:
      return {Verdict::TimedOut};
    case 413:
      return {Verdict::TooLarge};
    case 422: {
      Refusal refusal{judge_quota(error.message)};
      refusal.rows = limit_named(error.message);
      return refusal;
    }
    case 429:
      return judge_throttling(error);
    case 501: {
      // The single-node server cannot store the sparse vectors of single records.
      const bool is_of_a_row = error.message.find("Sparse vector is not supported") != std::string::npos;
      return {is_of_a_row ? Verdict::BadRows : Verdict::Stop};
    }
    default:
      return {error.status >= 500 ? Verdict::Repeat : Verdict::Stop};
  }
}

Refusal judge_transport(const RequestError& request, const ChromaHttpClientError& error) {
  if (request.stage == Stage::timeout) return {Verdict::TimedOut};
  // A gateway may have sent a page of its own in place of the server's response.
  if (request.stage == Stage::decode) return {Verdict::Repeat};
  return {error.is_retryable() ? Verdict::Repeat : Verdict::Stop};
}

}  // namespace

std::size_t limit_named(std::string_view message) {
  constexpr auto words = "exceeds limit of "sv;
  const auto at = message.rfind(words);
  if (at == std::string_view::npos) return 0;
  const auto number = message.substr(at + words.size());
  std::size_t limit = 0;
  std::from_chars(number.data(), number.data() + number.size(), limit);
  return limit;
}

Refusal judge(const ChromaHttpClientError& error) {
  if (const auto* response = error.get_if<ApiError>()) return judge_response(*response);
  if (const auto* request = error.get_if<RequestError>()) return judge_transport(*request, error);
  if (error.is<SerdeError>()) return {Verdict::Repeat};
  if (error.is<NoBackendAvailable>()) return {Verdict::Repeat};
  const bool is_row = error.is<ValidationError>() || error.is<MissingDocumentsForEmbedding>() ||
                      error.is<MissingEmbeddingFunction>();
  return {is_row ? Verdict::BadRows : Verdict::Stop};
}

Verdict judge_embedding(const ChromaHttpClientError& error) {
  if (error.is_retryable()) {
    const auto* request = error.get_if<RequestError>();
    return request != nullptr && request->stage == Stage::timeout ? Verdict::TimedOut : Verdict::Repeat;
  }
  switch (error.status()) {
    case 401:
    case 402:
    case 403:
    case 404:
      return Verdict::Stop;
    default:
      return error.is<RequestError>() ? Verdict::Stop : Verdict::BadRows;
  }
}

}  // namespace chroma::bulk

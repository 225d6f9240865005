// How calls of the embedding function ended, and what follows for their rows.
#include "bulk/engine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chroma::bulk {
namespace {

// A single bad text among 100 causes at most 8 failures one after the other while it is searched for.
constexpr std::size_t most_failures = 16;

/// The texts of a batch at which a function failed, if it says so and they are not the whole batch.
std::optional<std::pair<std::size_t, std::size_t>> refused_texts(const ChromaHttpClientError& error,
                                                                 std::size_t rows) {
  const auto* failure = error.get_if<EmbeddingFunctionError>();
  if (failure == nullptr || !failure->first_text || *failure->first_text >= rows) return std::nullopt;
  const std::size_t first = *failure->first_text;
  const std::size_t count = std::clamp<std::size_t>(failure->text_count, 1, rows - first);
  if (count == rows) return std::nullopt;
  return std::pair(first, count);
}

/// The same error about the first text.
ChromaHttpClientError about_first_text(const ChromaHttpClientError& error) {
  auto failure = *error.get_if<EmbeddingFunctionError>();
  failure.first_text = 0;
  return ChromaHttpClientError(std::move(failure), error.operation(), error.attempts());
}

}  // namespace

void Engine::embedded(const BatchPtr& batch, const Result<Vectors>& result, Clock::time_point now,
                      double random) {
  --embedding_.running;
  if (!result.has_value()) return embedding_failed(batch, result.error(), now, random);
  embedding_.trouble_since.reset();
  embedding_failures_ = 0;
  add_vectors(*batch, *result, now);
  if (stopped_) return leave(std::move(batch->rows));
  const std::size_t dimension = result->embeddings ? result->embeddings->dimension() : 0;
  if (dimension > 0) vector_memory_ = dimension * sizeof(float);
  if (dimension > 0 && options_.validate && check_.dimension().value_or(dimension) != dimension) {
    batch->error = ChromaHttpClientError(
        ValidationError{"the embedding function makes embeddings of " + std::to_string(dimension) +
                            " values; the collection's have " + std::to_string(*check_.dimension()),
                        "embedding"});
    end(*batch, RowOutcome::Failed, now);
    return stop(*batch->error);
  }
  buffer_.embedded(std::move(batch->rows));
}

void Engine::add_vectors(Batch& batch, const Vectors& vectors, Clock::time_point now) {
  std::size_t i = 0;
  for (Row& row : batch.rows) {
    const bool is_new = vectors.embeddings && vectors.embeddings->has_row(i) && !row.embedding();
    if (is_new) {
      const auto values = (*vectors.embeddings)[i];
      row.set_embedding(std::vector<float>(values.begin(), values.end()));
      counts_.embedded += row.given.size();
    }
    if (vectors.metadatas && (*vectors.metadatas)[i]) row.set_metadata(*(*vectors.metadatas)[i]);
    row.embedded = true;
    row.arrival = now;
    charge(row);
    ++i;
  }
}

void Engine::embedding_failed(const BatchPtr& batch, const ChromaHttpClientError& error,
                              Clock::time_point now, double random) {
  if (stopped_) return leave(std::move(batch->rows));
  batch->error = error;
  const std::size_t rows = batch->rows.size();
  const Verdict verdict = judge_embedding(error);
  if (verdict != Verdict::BadRows && verdict != Verdict::Stop) return repeat(batch, embedding_, now, random);
  const auto texts = refused_texts(error, rows);
  const bool is_about_a_text = error.is<ValidationError>() || (texts && texts->second == 1);
  if (verdict == Verdict::Stop || (!is_about_a_text && ++embedding_failures_ >= most_failures)) {
    end(*batch, RowOutcome::Failed, now);
    return stop(error);
  }
  if (rows == 1 || !options_.isolate_bad_rows) return end(*batch, RowOutcome::Failed, now);
  if (texts) return set_apart(batch, texts->first, texts->second, now);
  halve(batch, embedding_);
}

void Engine::set_apart(const BatchPtr& batch, std::size_t first, std::size_t count, Clock::time_point now) {
  if (count == 1) {
    Batch refused;
    refused.attempts = batch->attempts;
    refused.splits = batch->splits + 1;
    refused.first_sent = batch->first_sent;
    refused.error = about_first_text(*batch->error);
    const auto row = std::next(batch->rows.begin(), static_cast<std::ptrdiff_t>(first));
    refused.rows.splice(refused.rows.end(), batch->rows, row);
    ++counts_.splits;
    ++batch->splits;
    embedding_.pending.push_front(batch);
    return end(refused, RowOutcome::Failed, now);
  }
  std::vector<std::size_t> parts;
  for (const std::size_t part : {first, count, batch->rows.size() - first - count}) {
    if (part > 0) parts.push_back(part);
  }
  divide(batch, embedding_, parts);
}

}  // namespace chroma::bulk

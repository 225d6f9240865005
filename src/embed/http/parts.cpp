#include "embed/http/parts.hpp"

namespace chroma::embed {
namespace {

std::string place_of(Part part) {
  if (part.count == 1) return "text " + std::to_string(part.first);
  return "texts " + std::to_string(part.first) + " to " + std::to_string(part.first + part.count - 1);
}

}  // namespace

std::optional<Part> PartQueue::take(const RequestLimits& limits) {
  if (!returned_.empty()) {
    Part& last = returned_.back();
    const Part part{last.first, count_from(last.first, last.first + last.count, limits)};
    last.first += part.count;
    last.count -= part.count;
    if (last.count == 0) returned_.pop_back();
    return part;
  }
  if (next_ == texts_.size()) return std::nullopt;
  const Part part{next_, count_from(next_, texts_.size(), limits)};
  next_ += part.count;
  return part;
}

void PartQueue::give_back_halves(Part part) {
  const std::size_t half = part.count / 2;
  returned_.push_back({part.first + half, part.count - half});
  returned_.push_back({part.first, half});
}

std::size_t PartQueue::count_from(std::size_t first, std::size_t end, const RequestLimits& limits) const {
  const std::size_t most_bytes = limits.bytes.get();
  end = first + std::clamp(end - first, std::size_t(1), std::max(limits.texts.get(), std::size_t(1)));
  std::size_t bytes = texts_[first].size();
  std::size_t next = first + 1;
  while (next < end && bytes + texts_[next].size() <= most_bytes) bytes += texts_[next++].size();
  return next - first;
}

std::size_t PartQueue::estimate(const RequestLimits& limits) const {
  std::size_t parts = 0;
  for (std::size_t next = 0; next < texts_.size(); ++parts) next += count_from(next, texts_.size(), limits);
  return parts;
}

ChromaHttpClientError error_of_part(const ChromaHttpClientError& error, Part part) {
  auto kind = error.kind();
  if (auto* refusal = std::get_if<EmbeddingFunctionError>(&kind)) {
    refusal->text_count = refusal->first_text ? refusal->text_count : part.count;
    refusal->first_text = part.first + refusal->first_text.value_or(0);
  } else if (auto* request = std::get_if<RequestError>(&kind)) {
    request->message += " (" + place_of(part) + ")";
  }
  return ChromaHttpClientError(std::move(kind), error.operation(), error.attempts());
}

Embeddings join(std::map<std::size_t, Embeddings> parts) {
  if (parts.size() == 1) return std::move(parts.begin()->second);
  const std::size_t dimension = parts.begin()->second.dimension();
  std::vector<float> values;
  for (auto& [first, rows] : parts) {
    if (rows.dimension() != dimension) {
      EmbeddingFunctionError error;
      error.message = "the embedding has " + std::to_string(rows.dimension()) +
                      " values, that of text 0 has " + std::to_string(dimension);
      error.first_text = first;
      throw ChromaHttpClientError(std::move(error));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) values.insert(values.end(), rows[i].begin(), rows[i].end());
    rows = Embeddings();  // Each part is released as soon as it is copied.
  }
  return Embeddings(std::move(values), dimension);
}

std::vector<SparseVector> join(std::map<std::size_t, std::vector<SparseVector>> parts) {
  std::vector<SparseVector> all;
  for (auto& [first, rows] : parts) {
    all.insert(all.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
  return all;
}

}  // namespace chroma::embed

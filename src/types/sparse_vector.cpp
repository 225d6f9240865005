#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>
#include <chroma/sparse_vector.hpp>

#include <algorithm>
#include <numeric>
#include <ostream>

namespace chroma {
namespace {

void require_equal_lengths(const SparseVector& vector) {
  std::string fault = detail::sparse_vector_length_fault(vector);
  if (!fault.empty()) throw ChromaHttpClientError(ValidationError{std::move(fault), {}});
}

}  // namespace

SparseVector::SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values)
    : indices_(std::move(indices)), values_(std::move(values)) {
  require_equal_lengths(*this);
}

SparseVector::SparseVector(std::vector<std::uint32_t> indices, std::vector<float> values,
                           std::vector<std::string> tokens)
    : indices_(std::move(indices)), values_(std::move(values)), tokens_(std::move(tokens)) {
  require_equal_lengths(*this);
}

SparseVector SparseVector::from_pairs(const std::vector<std::pair<std::uint32_t, float>>& pairs) {
  SparseVector vector;
  vector.indices_.reserve(pairs.size());
  vector.values_.reserve(pairs.size());
  for (const auto& [index, value] : pairs) {
    vector.indices_.push_back(index);
    vector.values_.push_back(value);
  }
  return vector;
}

SparseVector SparseVector::from_triples(std::vector<std::tuple<std::string, std::uint32_t, float>> triples) {
  SparseVector vector;
  vector.indices_.reserve(triples.size());
  vector.values_.reserve(triples.size());
  auto& tokens = vector.tokens_.emplace();
  tokens.reserve(triples.size());
  for (auto& [token, index, value] : triples) {
    tokens.push_back(std::move(token));
    vector.indices_.push_back(index);
    vector.values_.push_back(value);
  }
  return vector;
}

SparseVector SparseVector::unchecked(std::vector<std::uint32_t> indices, std::vector<float> values,
                                     std::optional<std::vector<std::string>> tokens) {
  SparseVector vector;
  vector.indices_ = std::move(indices);
  vector.values_ = std::move(values);
  vector.tokens_ = std::move(tokens);
  return vector;
}

SparseVector SparseVector::sorted() const {
  require_equal_lengths(*this);
  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(),
                   [this](std::size_t a, std::size_t b) { return indices_[a] < indices_[b]; });
  SparseVector vector;
  vector.indices_.reserve(size());
  vector.values_.reserve(size());
  if (tokens_) vector.tokens_.emplace().reserve(size());
  for (std::size_t i : order) {
    vector.indices_.push_back(indices_[i]);
    vector.values_.push_back(values_[i]);
    if (tokens_) vector.tokens_->push_back((*tokens_)[i]);
  }
  return vector;
}

void SparseVector::validate() const {
  std::string fault = detail::sparse_vector_fault(*this);
  if (!fault.empty()) throw ChromaHttpClientError(ValidationError{std::move(fault), {}});
}

std::ostream& operator<<(std::ostream& out, const SparseVector& vector) {
  constexpr std::size_t shown = 4;
  out << "SparseVector{";
  std::size_t count = std::min({vector.indices_.size(), vector.values_.size(), shown});
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out << ", ";
    out << vector.indices_[i] << ": " << vector.values_[i];
  }
  if (vector.size() > count) out << (count == 0 ? "" : ", ") << "... of " << vector.size();
  return out << '}';
}

}  // namespace chroma

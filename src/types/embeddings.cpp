#include "types/display.hpp"

#include <chroma/embeddings.hpp>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

namespace chroma {

Embeddings::Embeddings() = default;
Embeddings::Embeddings(const Embeddings& other) = default;
Embeddings::Embeddings(Embeddings&& other) noexcept = default;
Embeddings& Embeddings::operator=(const Embeddings& other) = default;
Embeddings& Embeddings::operator=(Embeddings&& other) noexcept = default;
Embeddings::~Embeddings() = default;
namespace {

std::size_t row_count(std::size_t values, std::size_t dimension) noexcept {
  if (values == 0) return 0;
  return dimension == 0 ? 1 : values / dimension + (values % dimension != 0 ? 1 : 0);
}

std::span<const float> row_of(std::span<const float> values, std::size_t dimension, std::size_t i) noexcept {
  return values.subspan(i * dimension, std::min(dimension, values.size() - i * dimension));
}

}  // namespace

Embeddings::Embeddings(std::vector<std::vector<float>> rows)
    : data_(Nested(std::move_iterator(rows.begin()), std::move_iterator(rows.end()))) {}

Embeddings::Embeddings(std::vector<std::optional<std::vector<float>>> rows) : data_(std::move(rows)) {}

Embeddings::Embeddings(std::initializer_list<detail::EmbeddingRow> rows) {
  auto& nested = data_.emplace<Nested>();
  nested.reserve(rows.size());
  for (const auto& row : rows) nested.push_back(row.value());
}

Embeddings::Embeddings(std::vector<float> values, std::size_t dimension)
    : data_(Uniform{std::move(values), dimension}) {}

Embeddings Embeddings::row(std::vector<float> values) {
  const std::size_t dimension = values.size();
  if (dimension == 0) return from_flat({}, {0});
  return Embeddings(std::move(values), dimension);
}

Embeddings Embeddings::view(std::span<const float> values, std::size_t dimension) {
  Embeddings result;
  result.data_ = View{values, dimension};
  return result;
}

Embeddings Embeddings::view(std::vector<std::optional<std::span<const float>>> rows) {
  Embeddings result;
  result.data_ = std::move(rows);
  return result;
}

Embeddings Embeddings::from_flat(std::vector<float> values,
                                 const std::vector<std::optional<std::size_t>>& lengths) {
  Ragged ragged;
  ragged.rows.reserve(lengths.size());
  std::size_t offset = 0;
  for (const auto& length : lengths) {
    const std::size_t taken = std::min(length.value_or(0), values.size() - offset);
    ragged.rows.push_back({offset, taken, length.has_value()});
    offset += taken;
  }
  ragged.values = std::move(values);
  Embeddings result;
  result.data_ = std::move(ragged);
  return result;
}

std::size_t Embeddings::size() const noexcept {
  if (const auto* uniform = std::get_if<Uniform>(&data_)) {
    return row_count(uniform->values.size(), uniform->dimension);
  }
  if (const auto* view = std::get_if<View>(&data_)) return row_count(view->values.size(), view->dimension);
  if (const auto* ragged = std::get_if<Ragged>(&data_)) return ragged->rows.size();
  if (const auto* views = std::get_if<Views>(&data_)) return views->size();
  return std::get_if<Nested>(&data_)->size();
}

std::size_t Embeddings::dimension() const noexcept {
  const std::size_t count = size();
  for (std::size_t i = 0; i < count; ++i) {
    if (has_row(i)) return (*this)[i].size();
  }
  return 0;
}

bool Embeddings::has_row(std::size_t i) const noexcept {
  if (const auto* ragged = std::get_if<Ragged>(&data_)) return ragged->rows[i].present;
  if (const auto* nested = std::get_if<Nested>(&data_)) return (*nested)[i].has_value();
  if (const auto* views = std::get_if<Views>(&data_)) return (*views)[i].has_value();
  return true;
}

std::span<const float> Embeddings::operator[](std::size_t i) const noexcept {
  if (const auto* uniform = std::get_if<Uniform>(&data_)) {
    return row_of(uniform->values, uniform->dimension, i);
  }
  if (const auto* view = std::get_if<View>(&data_)) return row_of(view->values, view->dimension, i);
  if (const auto* ragged = std::get_if<Ragged>(&data_)) {
    const Place& place = ragged->rows[i];
    return std::span<const float>(ragged->values).subspan(place.offset, place.length);
  }
  if (const auto* views = std::get_if<Views>(&data_)) return (*views)[i].value_or(std::span<const float>());
  const auto& row = (*std::get_if<Nested>(&data_))[i];
  return row ? std::span<const float>(*row) : std::span<const float>();
}

Embeddings Embeddings::reordered(std::span<const std::size_t> order) const {
  std::vector<float> values;
  std::vector<std::optional<std::size_t>> lengths;
  lengths.reserve(order.size());
  std::size_t count = 0;
  for (const std::size_t i : order) count += (*this)[i].size();
  values.reserve(count);
  for (const std::size_t i : order) {
    const auto row = (*this)[i];
    values.insert(values.end(), row.begin(), row.end());
    lengths.push_back(has_row(i) ? std::optional(row.size()) : std::nullopt);
  }
  return from_flat(std::move(values), lengths);
}

bool operator==(const Embeddings& left, const Embeddings& right) noexcept {
  const std::size_t count = left.size();
  if (count != right.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (left.has_row(i) != right.has_row(i) || !std::ranges::equal(left[i], right[i])) return false;
  }
  return true;
}

std::ostream& operator<<(std::ostream& out, const Embeddings& embeddings) {
  constexpr std::size_t shown = 3;
  const std::size_t count = embeddings.size();
  out << count << " x " << embeddings.dimension() << " [";
  for (std::size_t i = 0; i < std::min(shown, count); ++i) {
    out << (i ? ", " : "");
    if (embeddings.has_row(i)) {
      detail::display(out, embeddings[i]);
    } else {
      out << "null";
    }
  }
  return out << (count > shown ? ", ...]" : "]");
}

}  // namespace chroma

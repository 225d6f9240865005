#include "types/record_checks.hpp"

#include "core/utf8.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <bit>
#include <cmath>
#include <string_view>
#include <utility>

namespace chroma::detail {
namespace {

[[noreturn]] void refuse(const char* field, std::string message) {
  throw ChromaHttpClientError(ValidationError{std::move(message), field});
}

std::string at_row(std::size_t row) {
  return "row " + std::to_string(row);
}

// Quotes an id for an error message and shortens a long one. The id must be valid UTF-8.
std::string in_quotes(std::string_view id) {
  const std::string_view shown = core::utf8_prefix(id, 80);
  std::string text;
  text.append("'").append(shown).append(shown.size() < id.size() ? "...'" : "'");
  return text;
}

// A float is not finite if all bits of its exponent are set: adding one to the exponent then carries into the
// sign bit. There is no branch in the loop, so that compilers vectorize it.
bool all_finite(std::span<const float> row) noexcept {
  constexpr std::size_t block = 32;
  std::uint32_t carries = 0;
  const auto look_at = [&](float value) {
    carries |= (std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU) + 0x00800000U;
  };
  std::size_t i = 0;
  for (; i + block <= row.size(); i += block) {
    for (std::size_t k = 0; k < block; ++k) look_at(row[i + k]);
  }
  for (; i < row.size(); ++i) look_at(row[i]);
  return (carries & 0x80000000U) == 0;
}

}  // namespace

std::string ids_fault(const std::vector<std::string>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i].empty()) return "Empty ID, ID must have at least one character: " + at_row(i);
    if (const auto fault = text_fault(ids[i]); !fault.empty()) return at_row(i) + " " + fault;
  }
  return {};
}

void check_ids(const std::vector<std::string>& ids) {
  if (auto fault = ids_fault(ids); !fault.empty()) refuse("ids", std::move(fault));
}

void check_unique(const std::vector<std::string>& ids) {
  boost::unordered_flat_map<std::string_view, std::size_t> seen;
  seen.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto [first, is_new] = seen.try_emplace(ids[i], i);
    if (is_new) continue;
    refuse("ids", "duplicate id " + in_quotes(ids[i]) + ": " + at_row(first->second) + " and " + at_row(i));
  }
}

void check_embeddings(const char* field, const Embeddings& embeddings, Gaps gaps) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    if (!embeddings.has_row(i)) {
      if (gaps == Gaps::allowed) continue;
      refuse(field, at_row(i) + " is missing; only an update may leave rows out");
    }
    const auto row = embeddings[i];
    if (row.empty())
      refuse(field, "Each embedding must have at least 1 dimension: " + at_row(i) + " is empty");
    if (!first) first = i;
    if (const std::size_t expected = embeddings[*first].size(); row.size() != expected) {
      refuse(field, "Inconsistent dimensions in provided embeddings: " + at_row(i) + " has " +
                        std::to_string(row.size()) + ", " + at_row(*first) + " has " +
                        std::to_string(expected));
    }
    if (const auto fault = not_finite_fault(row); !fault.empty()) {
      refuse(field, "Embeddings must not contain NaN or Infinity values: " + at_row(i) + " " + fault);
    }
  }
}

std::string not_finite_fault(std::span<const float> row) {
  if (all_finite(row)) return {};
  std::size_t i = 0;
  while (std::isfinite(row[i])) ++i;
  const char* what = std::isnan(row[i]) ? "NaN" : row[i] < 0 ? "-infinity" : "infinity";
  return std::string("has ") + what + " at index " + std::to_string(i);
}

void check_length(const char* field, std::size_t rows, std::size_t ids) {
  if (rows == ids) return;
  refuse(field, "Inconsistent number of IDs, embeddings, documents, URIs and metadatas: " +
                    std::to_string(rows) + " rows for " + std::to_string(ids) + " ids");
}

void check_texts(const char* field, const std::vector<std::optional<std::string>>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) continue;
    if (const auto fault = text_fault(*texts[i]); !fault.empty()) refuse(field, at_row(i) + " " + fault);
  }
}

void check_u32(const char* field, std::uint64_t value) {
  if (auto fault = u32_fault(value); !fault.empty()) refuse(field, std::move(fault));
}

}  // namespace chroma::detail

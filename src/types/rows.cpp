#include "types/display.hpp"

#include <chroma/rows.hpp>

#include <algorithm>

namespace chroma {

const MetadataValue* Row::find(std::string_view key) const {
  if (metadata == nullptr) return nullptr;
  const auto found = metadata->find(std::string(key));
  return found == metadata->end() ? nullptr : &found->second;
}

bool operator==(const Row& left, const Row& right) noexcept {
  const auto equal_metadata = [](const Metadata* a, const Metadata* b) {
    return a == b || (a != nullptr && b != nullptr && *a == *b);
  };
  const auto values = [](const Row& row) { return row.embedding.value_or(std::span<const float>()); };
  return left.id == right.id && left.document == right.document && left.uri == right.uri &&
         equal_metadata(left.metadata, right.metadata) &&
         left.embedding.has_value() == right.embedding.has_value() &&
         std::ranges::equal(values(left), values(right)) && left.distance == right.distance &&
         left.score == right.score;
}

std::ostream& operator<<(std::ostream& out, const Row& row) {
  constexpr std::size_t most_bytes = 200;
  const auto text = [&](const char* name, const std::optional<std::string_view>& value) {
    if (!value) return;
    out << ", " << name << ": ";
    detail::display(out, *value, most_bytes);
  };
  out << "{id: ";
  detail::display(out, row.id, most_bytes);
  text("document", row.document);
  text("uri", row.uri);
  if (row.metadata != nullptr) out << ", metadata: " << *row.metadata;
  if (row.embedding) {
    out << ", embedding: ";
    detail::display(out, *row.embedding);
  }
  if (row.distance) out << ", distance: " << *row.distance;
  if (row.score) out << ", score: " << *row.score;
  return out << '}';
}

}  // namespace chroma

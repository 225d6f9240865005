#include "types/reserved_keys.hpp"

#include <chroma/key.hpp>

#include <ostream>

namespace chroma {
namespace {

Key::Kind kind_of(std::string_view text) noexcept {
  if (text == document_key) return Key::Kind::Document;
  if (text == embedding_key) return Key::Kind::Embedding;
  if (text == "#metadata") return Key::Kind::AllMetadata;
  if (text == "#score") return Key::Kind::Score;
  return Key::Kind::MetadataField;
}

Where compare(const Key& key, PrimitiveOperator op, MetadataValue value) {
  return Where(MetadataExpression(key.text(), PrimitiveComparison(op, std::move(value))));
}

}  // namespace

Key::Key(std::string_view text) : kind_(kind_of(text)), text_(text) {}

Key Key::field(std::string name) {
  return Key(Kind::MetadataField, std::move(name));
}

Where Key::eq(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::Equal, std::move(value));
}
Where Key::ne(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::NotEqual, std::move(value));
}
Where Key::gt(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::GreaterThan, std::move(value));
}
Where Key::gte(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::GreaterThanOrEqual, std::move(value));
}
Where Key::lt(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::LessThan, std::move(value));
}
Where Key::lte(MetadataValue value) const {
  return compare(*this, PrimitiveOperator::LessThanOrEqual, std::move(value));
}

Where Key::is_in(WhereSet values) const {
  return Where(MetadataExpression(text_, SetComparison(SetOperator::In, std::move(values))));
}
Where Key::not_in(WhereSet values) const {
  return Where(MetadataExpression(text_, SetComparison(SetOperator::NotIn, std::move(values))));
}

Where Key::contains(std::string text) const {
  return Where(DocumentExpression(DocumentOperator::Contains, std::move(text), text_));
}
Where Key::not_contains(std::string text) const {
  return Where(DocumentExpression(DocumentOperator::NotContains, std::move(text), text_));
}
Where Key::regex(std::string pattern) const {
  return Where(DocumentExpression(DocumentOperator::Regex, std::move(pattern), text_));
}
Where Key::not_regex(std::string pattern) const {
  return Where(DocumentExpression(DocumentOperator::NotRegex, std::move(pattern), text_));
}

Where Key::contains_value(MetadataValue value) const {
  return Where(MetadataExpression(text_, ArrayComparison(ContainsOperator::Contains, std::move(value))));
}
Where Key::not_contains_value(MetadataValue value) const {
  return Where(MetadataExpression(text_, ArrayComparison(ContainsOperator::NotContains, std::move(value))));
}

std::ostream& operator<<(std::ostream& out, const Key& key) {
  return out << key.text();
}

}  // namespace chroma

#include "testing/filter.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace chroma::testing {
namespace {

const MetadataValue* find(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? nullptr : &found->second;
}

/// The single-node server compares an integer with the integral part of an operand that is a float, so that
/// `{"k": 1.5}` matches 1.
std::int64_t integral_part(double operand) {
  constexpr auto largest = 9'223'372'036'854'775'807.0;
  if (operand >= largest) return INT64_MAX;
  if (operand <= -largest) return INT64_MIN;
  return static_cast<std::int64_t>(operand);
}

template <class T>
bool compares(PrimitiveOperator op, const T& value, const T& operand) {
  switch (op) {
    case PrimitiveOperator::Equal:
    case PrimitiveOperator::NotEqual:  // The caller negates the result.
      return value == operand;
    case PrimitiveOperator::GreaterThan:
      return value > operand;
    case PrimitiveOperator::GreaterThanOrEqual:
      return value >= operand;
    case PrimitiveOperator::LessThan:
      return value < operand;
    case PrimitiveOperator::LessThanOrEqual:
      return value <= operand;
  }
  return false;
}

/// Integers and floats compare with each other; other types are equal only to values of their own type.
bool compares(PrimitiveOperator op, const MetadataValue& value, const MetadataValue& operand) {
  const auto* integer = value.get_if<std::int64_t>();
  const auto* real = value.get_if<double>();
  if (const auto* number = operand.get_if<std::int64_t>()) {
    if (integer != nullptr) return compares(op, *integer, *number);
    return real != nullptr && compares(op, *real, static_cast<double>(*number));
  }
  if (const auto* number = operand.get_if<double>()) {
    if (integer != nullptr) return compares(op, *integer, integral_part(*number));
    return real != nullptr && compares(op, *real, *number);
  }
  return value == operand;
}

/// A record without the key is unequal to every value.
bool matches(const PrimitiveComparison& comparison, const MetadataValue* value) {
  const bool holds = value != nullptr && compares(comparison.op, *value, comparison.value);
  return comparison.op == PrimitiveOperator::NotEqual ? !holds : holds;
}

bool matches(const SetComparison& comparison, const MetadataValue* value) {
  const auto contains_value = [&](const auto& operands) {
    return std::any_of(operands.begin(), operands.end(), [&](const auto& operand) {
      return compares(PrimitiveOperator::Equal, *value, MetadataValue(operand));
    });
  };
  const bool found = value != nullptr && std::visit(contains_value, comparison.values.variant());
  return comparison.op == SetOperator::In ? found : !found;
}

/// An array contains values of its own type only.
bool matches(const ArrayComparison& comparison, const MetadataValue* value) {
  const auto holds_operand = [&]<class T>(const T& operand) {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      const auto* array = value->get_if<std::vector<T>>();
      return array != nullptr && std::find(array->begin(), array->end(), operand) != array->end();
    } else {
      return false;
    }
  };
  const bool found = value != nullptr && std::visit(holds_operand, comparison.value.variant());
  return comparison.op == ContainsOperator::Contains ? found : !found;
}

}  // namespace

Filter::Filter(Where where) : where_(std::move(where)) {
  compile(where_);
}

void Filter::compile(const Where& where) {
  if (const auto* composite = std::get_if<CompositeExpression>(&where.node())) {
    for (const auto& child : composite->children) compile(child);
  } else if (const auto* document = std::get_if<DocumentExpression>(&where.node())) {
    if (document->op == DocumentOperator::Regex || document->op == DocumentOperator::NotRegex) {
      patterns_.try_emplace(document->pattern, document->pattern);
    }
  }
}

bool Filter::matches(const Metadata& metadata) const {
  return matches(where_, metadata);
}

bool Filter::matches(const Where& where, const Metadata& metadata) const {
  if (const auto* composite = std::get_if<CompositeExpression>(&where.node())) {
    const auto matches_child = [&](const Where& child) { return matches(child, metadata); };
    const auto& children = composite->children;
    return composite->op == BooleanOperator::And
               ? std::all_of(children.begin(), children.end(), matches_child)
               : std::any_of(children.begin(), children.end(), matches_child);
  }
  if (const auto* document = std::get_if<DocumentExpression>(&where.node())) {
    return matches_document(*document, metadata);
  }
  const auto& expression = std::get<MetadataExpression>(where.node());
  const auto* value = find(metadata, expression.key);
  return std::visit([&](const auto& comparison) { return testing::matches(comparison, value); },
                    expression.comparison);
}

bool Filter::matches_document(const DocumentExpression& expression, const Metadata& metadata) const {
  const auto* value = find(metadata, document_key);
  const auto* document = value == nullptr ? nullptr : value->get_if<std::string>();
  const bool is_regex =
      expression.op == DocumentOperator::Regex || expression.op == DocumentOperator::NotRegex;
  const bool negated =
      expression.op == DocumentOperator::NotContains || expression.op == DocumentOperator::NotRegex;
  bool found = false;
  if (document != nullptr) {
    found = is_regex ? patterns_.at(expression.pattern).matches(*document)
                     : document->find(expression.pattern) != std::string::npos;
  }
  return found != negated;
}

}  // namespace chroma::testing

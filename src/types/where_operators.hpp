#pragma once

#include <chroma/where.hpp>

#include <array>
#include <optional>
#include <string_view>

/// The names of operators in the JSON of a filter.
namespace chroma {

template <class Operator>
struct NamedOperator {
  std::string_view name;
  Operator op;
};

/// The operators of one type with their names.
template <class Operator>
inline constexpr std::array<NamedOperator<Operator>, 0> operator_names{};
template <>
inline constexpr NamedOperator<BooleanOperator> operator_names<BooleanOperator>[] = {
    {"$and", BooleanOperator::And}, {"$or", BooleanOperator::Or}};
template <>
inline constexpr NamedOperator<PrimitiveOperator> operator_names<PrimitiveOperator>[] = {
    {"$eq", PrimitiveOperator::Equal},       {"$ne", PrimitiveOperator::NotEqual},
    {"$gt", PrimitiveOperator::GreaterThan}, {"$gte", PrimitiveOperator::GreaterThanOrEqual},
    {"$lt", PrimitiveOperator::LessThan},    {"$lte", PrimitiveOperator::LessThanOrEqual}};
template <>
inline constexpr NamedOperator<DocumentOperator> operator_names<DocumentOperator>[] = {
    {"$contains", DocumentOperator::Contains},
    {"$not_contains", DocumentOperator::NotContains},
    {"$regex", DocumentOperator::Regex},
    {"$not_regex", DocumentOperator::NotRegex}};
template <>
inline constexpr NamedOperator<ContainsOperator> operator_names<ContainsOperator>[] = {
    {"$contains", ContainsOperator::Contains}, {"$not_contains", ContainsOperator::NotContains}};
template <>
inline constexpr NamedOperator<SetOperator> operator_names<SetOperator>[] = {{"$in", SetOperator::In},
                                                                             {"$nin", SetOperator::NotIn}};

template <class Operator>
[[nodiscard]] std::string_view name_of(Operator op) {
  for (const auto& entry : operator_names<Operator>) {
    if (entry.op == op) return entry.name;
  }
  return {};
}

template <class Operator>
[[nodiscard]] std::optional<Operator> find_operator(std::string_view name) {
  for (const auto& entry : operator_names<Operator>) {
    if (entry.name == name) return entry.op;
  }
  return std::nullopt;
}

}  // namespace chroma

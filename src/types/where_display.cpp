#include "types/display.hpp"
#include "types/where_walk.hpp"

#include <chroma/where.hpp>

#include <ostream>

namespace chroma {
namespace {

const char* symbol(DocumentOperator op) noexcept {
  switch (op) {
    case DocumentOperator::Contains:
      return "CONTAINS";
    case DocumentOperator::NotContains:
      return "NOT CONTAINS";
    case DocumentOperator::Regex:
      return "REGEX";
    case DocumentOperator::NotRegex:
      return "NOT REGEX";
  }
  return "?";
}

const char* symbol(PrimitiveOperator op) noexcept {
  switch (op) {
    case PrimitiveOperator::Equal:
      return "=";
    case PrimitiveOperator::NotEqual:
      return "≠";
    case PrimitiveOperator::GreaterThan:
      return ">";
    case PrimitiveOperator::GreaterThanOrEqual:
      return "≥";
    case PrimitiveOperator::LessThan:
      return "<";
    case PrimitiveOperator::LessThanOrEqual:
      return "≤";
  }
  return "?";
}

struct WherePrinter {
  std::ostream& out;

  void open(const CompositeExpression&) const { out << '('; }
  void between(const CompositeExpression& node) const {
    out << (node.op == BooleanOperator::And ? " & " : " | ");
  }
  void close(const CompositeExpression&) const { out << ')'; }
  void leaf(const DocumentExpression& node) const {
    out << node.key << ' ' << symbol(node.op) << ' ';
    detail::display(out, std::string_view(node.pattern));
  }
  void leaf(const MetadataExpression& node) const {
    out << node.key << ' ';
    std::visit([this](const auto& comparison) { print(comparison); }, node.comparison);
  }

 private:
  void print(const PrimitiveComparison& comparison) const {
    out << symbol(comparison.op) << ' ' << comparison.value;
  }
  void print(const ArrayComparison& comparison) const {
    out << (comparison.op == ContainsOperator::Contains ? "contains " : "not_contains ") << comparison.value;
  }
  void print(const SetComparison& comparison) const {
    out << (comparison.op == SetOperator::In ? "∈ [" : "∉ [");
    std::visit(
        [this](const auto& values) {
          for (std::size_t i = 0; i < values.size(); ++i) {
            if (i != 0) out << ", ";
            item(values[i]);
          }
        },
        comparison.values.variant());
    out << ']';
  }
  void item(bool value) const { out << (value ? "\"true\"" : "\"false\""); }
  void item(std::int64_t value) const { out << value; }
  void item(double value) const { detail::display(out, value); }
  void item(const std::string& value) const { detail::display(out, std::string_view(value)); }
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Where& where) {
  WherePrinter printer{out};
  detail::walk(where, printer);
  return out;
}

}  // namespace chroma

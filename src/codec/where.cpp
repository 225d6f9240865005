#include "codec/where.hpp"

#include "codec/metadata.hpp"
#include "types/where_walk.hpp"

namespace chroma {
namespace codec {
namespace {

std::string_view name_of(PrimitiveOperator op) {
  switch (op) {
    case PrimitiveOperator::Equal:
      return "$eq";
    case PrimitiveOperator::NotEqual:
      return "$ne";
    case PrimitiveOperator::GreaterThan:
      return "$gt";
    case PrimitiveOperator::GreaterThanOrEqual:
      return "$gte";
    case PrimitiveOperator::LessThan:
      return "$lt";
    case PrimitiveOperator::LessThanOrEqual:
      return "$lte";
  }
  return "$eq";
}

std::string_view name_of(DocumentOperator op) {
  switch (op) {
    case DocumentOperator::Contains:
      return "$contains";
    case DocumentOperator::NotContains:
      return "$not_contains";
    case DocumentOperator::Regex:
      return "$regex";
    case DocumentOperator::NotRegex:
      return "$not_regex";
  }
  return "$contains";
}

std::string_view name_of(SetOperator op) {
  return op == SetOperator::In ? "$in" : "$nin";
}
std::string_view name_of(ContainsOperator op) {
  return op == ContainsOperator::Contains ? "$contains" : "$not_contains";
}

struct WhereWriter {
  JsonWriter& out;

  void open(const CompositeExpression& composite) {
    out.raw(composite.op == BooleanOperator::And ? R"({"$and":[)" : R"({"$or":[)");
  }
  void between(const CompositeExpression&) { out.raw(','); }
  void close(const CompositeExpression&) { out.raw("]}"); }

  void leaf(const DocumentExpression& expression) {
    begin("#document", name_of(expression.op));
    out.string(expression.pattern);
    out.raw("}}");
  }
  void leaf(const MetadataExpression& expression) {
    std::visit(
        [&](const auto& comparison) {
          begin(expression.key, name_of(comparison.op));
          operand(comparison);
        },
        expression.comparison);
    out.raw("}}");
  }

 private:
  void begin(std::string_view key, std::string_view op) {
    out.raw('{');
    out.string(key);
    out.raw(":{");
    out.string(op);
    out.raw(':');
  }
  template <class Comparison>
  void operand(const Comparison& comparison) {
    write(out, comparison.value);
  }
  void operand(const SetComparison& comparison) {
    std::visit([&](const auto& values) { write_array(out, values, [&](const auto& value) { one(value); }); },
               comparison.values.variant());
  }
  template <class T>
  void one(const T& value) {
    write(out, value);
  }
};

}  // namespace

void write(JsonWriter& out, const Where& where) {
  WhereWriter writer{out};
  detail::walk(where, writer);
}

}  // namespace codec

std::string Where::to_json() const {
  return std::string(codec::encode(*this).view());
}

}  // namespace chroma

#include "types/where_json.hpp"

#include "types/metadata_json.hpp"
#include "types/reserved_keys.hpp"
#include "types/where_operators.hpp"
#include "types/where_walk.hpp"

namespace chroma {
namespace {

struct WhereWriter {
  json::Writer& out;

  void open(const CompositeExpression& composite) {
    out.raw('{');
    out.string(name_of(composite.op));
    out.raw(":[");
  }
  void between(const CompositeExpression&) { out.raw(','); }
  void close(const CompositeExpression&) { out.raw("]}"); }

  void leaf(const DocumentExpression& expression) {
    begin(document_key, name_of(expression.op));
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
    std::visit(
        [&](const auto& values) {
          // The parameter type converts the proxy objects of std::vector<bool>.
          using Value = typename std::decay_t<decltype(values)>::value_type;
          write_array(out, values, [&](const Value& value) { write(out, value); });
        },
        comparison.values.variant());
  }
};

}  // namespace

void write(json::Writer& out, const Where& where) {
  WhereWriter writer{out};
  detail::walk(where, writer);
}

std::string Where::to_json() const {
  return std::string(json::encode(*this).view());
}

}  // namespace chroma

#include "types/reserved_keys.hpp"
#include "types/validate_metadata.hpp"
#include "types/where_operators.hpp"
#include "types/where_walk.hpp"

#include <chroma/error.hpp>
#include <chroma/where.hpp>

#include <algorithm>
#include <cmath>

namespace chroma {

WhereSet::WhereSet() = default;
WhereSet::WhereSet(const WhereSet& other) = default;
WhereSet::WhereSet(WhereSet&& other) noexcept = default;
WhereSet& WhereSet::operator=(const WhereSet& other) = default;
WhereSet& WhereSet::operator=(WhereSet&& other) noexcept = default;
WhereSet::~WhereSet() = default;

std::size_t WhereSet::size() const noexcept {
  return std::visit([](const auto& values) { return values.size(); }, values_);
}

MetadataExpression::MetadataExpression(std::string key_, Comparison comparison_)
    : key(std::move(key_)), comparison(std::move(comparison_)) {}

// The node, which the copies of a Where share.
struct Where::Owned {
  explicit Owned(Node node_) : node(std::move(node_)) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  ~Owned() {
    if (auto* composite = std::get_if<CompositeExpression>(&node)) {
      detail::destroy_in_loop(std::move(composite->children));
    }
  }

  Node node;
};

CompositeExpression::CompositeExpression(BooleanOperator op_, std::vector<Where> children_)
    : op(op_), children(std::move(children_)) {}

Where::Where(CompositeExpression expression) : node_(std::make_shared<const Owned>(std::move(expression))) {}
Where::Where(DocumentExpression expression) : node_(std::make_shared<const Owned>(std::move(expression))) {}
Where::Where(MetadataExpression expression) : node_(std::make_shared<const Owned>(std::move(expression))) {}

const Where::Node& Where::node() const noexcept {
  return node_->node;
}

namespace {

Where join(BooleanOperator op, std::vector<Where> clauses) {
  std::vector<Where> children;
  children.reserve(clauses.size());
  for (Where& clause : clauses) {
    const auto* composite = std::get_if<CompositeExpression>(&clause.node());
    if (composite != nullptr && composite->op == op) {
      children.insert(children.end(), composite->children.begin(), composite->children.end());
    } else {
      children.push_back(std::move(clause));
    }
  }
  children.erase(std::unique(children.begin(), children.end()), children.end());
  if (children.size() == 1) return children.front();
  return Where(CompositeExpression(op, std::move(children)));
}

}  // namespace

Where Where::conjunction(std::vector<Where> clauses) {
  return join(BooleanOperator::And, std::move(clauses));
}

Where Where::disjunction(std::vector<Where> clauses) {
  return join(BooleanOperator::Or, std::move(clauses));
}

Where Where::combined(BooleanOperator op, Where left, Where right) {
  std::vector<Where> clauses;
  clauses.reserve(2);
  clauses.push_back(std::move(left));
  clauses.push_back(std::move(right));
  return join(op, std::move(clauses));
}

bool operator==(const Where& left, const Where& right) {
  return detail::equal_trees(left, right, &CompositeExpression::children);
}

bool operator==(const CompositeExpression& left, const CompositeExpression& right) {
  return left.op == right.op && left.children == right.children;
}

namespace {

struct Validator {
  std::string_view field;

  [[noreturn]] void refuse(std::string reason) const {
    throw ChromaHttpClientError(ValidationError{std::move(reason), std::string(field)});
  }

  void open(const CompositeExpression&) const {}
  void between(const CompositeExpression&) const {}
  void close(const CompositeExpression&) const {}

  void leaf(const DocumentExpression& expression) const {
    if (std::string fault = detail::text_fault(expression.key); !fault.empty()) refuse("a key " + fault);
    if (expression.key != document_key) refuse(document_only(expression));
    std::string fault = detail::text_fault(expression.pattern);
    if (!fault.empty()) refuse("the text for #document " + fault);
  }

  void leaf(const MetadataExpression& expression) const {
    if (std::string fault = detail::text_fault(expression.key); !fault.empty()) refuse("a key " + fault);
    std::string fault =
        std::visit([](const auto& comparison) { return operand_fault(comparison); }, expression.comparison);
    if (!fault.empty()) refuse("the operand for '" + expression.key + "' " + fault);
  }

 private:
  // The error message for a filter of the document that was built from another key.
  static std::string document_only(const DocumentExpression& expression) {
    const std::string function(name_of(expression.op).substr(1));
    std::string message = function + "() is for Key::Document, not for the key '" + expression.key + "'";
    if (find_operator<ContainsOperator>(name_of(expression.op))) {
      message += "; " + function + "_value() is for metadata that is an array";
    }
    return message;
  }
  static std::string operand_fault(const SetComparison& comparison) {
    return std::visit([](const auto& values) { return detail::value_fault(MetadataValue(values)); },
                      comparison.values.variant());
  }
  // The order of sparse vectors is not checked: the server refuses every sparse operand.
  template <class Comparison>
  static std::string operand_fault(const Comparison& comparison) {
    return detail::value_fault(comparison.value);
  }
};

}  // namespace

void Where::validate(std::string_view field) const {
  Validator validator{field};
  detail::walk(*this, validator);
}

}  // namespace chroma

#include "types/display.hpp"
#include "types/rank_walk.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>
#include <chroma/rank.hpp>

#include <cmath>
#include <cstdint>
#include <ostream>
#include <utility>

namespace chroma {

QueryVector::QueryVector() = default;
QueryVector::QueryVector(const QueryVector& other) = default;
QueryVector::QueryVector(QueryVector&& other) noexcept = default;
QueryVector& QueryVector::operator=(const QueryVector& other) = default;
QueryVector& QueryVector::operator=(QueryVector&& other) noexcept = default;
QueryVector::~QueryVector() = default;
QueryVector::QueryVector(std::vector<float> dense) : vector_(std::move(dense)) {}
QueryVector::QueryVector(SparseVector sparse) : vector_(std::move(sparse)) {}
QueryVector::QueryVector(QueryText text) : vector_(std::move(text)) {}

// The node, which the copies of an expression share.
struct RankExpr::Owned {
  explicit Owned(Node value) : node(std::move(value)) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  ~Owned() {
    if (auto* operation = std::get_if<RankOperation>(&node)) {
      detail::destroy_in_loop(std::move(operation->operands));
    }
  }

  Node node;
};

RankExpr::RankExpr(Knn knn) : node_(std::make_shared<const Owned>(Node(std::move(knn)))) {}
RankExpr::RankExpr(RankOperation operation)
    : node_(std::make_shared<const Owned>(Node(std::move(operation)))) {}
RankExpr RankExpr::make_constant(float value) {
  return RankExpr(std::make_shared<const Owned>(Node(value)));
}

const RankExpr::Node& RankExpr::node() const noexcept {
  return node_->node;
}

namespace {

/// Appends the operands of an expression with the same operator, or else the expression itself.
void append(RankOperator op, const RankExpr& from, std::vector<RankExpr>& operands) {
  const auto* operation = std::get_if<RankOperation>(&from.node());
  if (operation != nullptr && operation->op == op) {
    operands.insert(operands.end(), operation->operands.begin(), operation->operands.end());
  } else {
    operands.push_back(from);
  }
}

RankExpr flattened(RankOperator op, const RankExpr& left, const RankExpr& right) {
  std::vector<RankExpr> operands;
  append(op, left, operands);
  append(op, right, operands);
  return RankExpr(RankOperation(op, std::move(operands)));
}

RankExpr nested(RankOperator op, std::vector<RankExpr> operands) {
  return RankExpr(RankOperation(op, std::move(operands)));
}

}  // namespace

RankExpr RankExpr::exp() const {
  return nested(RankOperator::Exponential, {*this});
}
RankExpr RankExpr::log() const {
  return nested(RankOperator::Logarithm, {*this});
}
RankExpr RankExpr::abs() const {
  return nested(RankOperator::Absolute, {*this});
}
RankExpr RankExpr::max(RankExpr other) const {
  return flattened(RankOperator::Max, *this, other);
}
RankExpr RankExpr::min(RankExpr other) const {
  return flattened(RankOperator::Min, *this, other);
}

RankExpr operator+(const RankExpr& left, const RankExpr& right) {
  return flattened(RankOperator::Sum, left, right);
}
RankExpr operator*(const RankExpr& left, const RankExpr& right) {
  return flattened(RankOperator::Multiply, left, right);
}
RankExpr operator-(const RankExpr& left, const RankExpr& right) {
  return nested(RankOperator::Subtract, {left, right});
}
RankExpr operator/(const RankExpr& left, const RankExpr& right) {
  return nested(RankOperator::Divide, {left, right});
}
RankExpr operator-(const RankExpr& operand) {
  return RankExpr(-1.0F) * operand;
}

bool operator==(const RankExpr& left, const RankExpr& right) {
  return detail::equal_trees(left, right, &RankOperation::operands);
}

bool operator==(const RankOperation& left, const RankOperation& right) {
  return left.op == right.op && left.operands == right.operands;
}

namespace {

std::string finite_fault(const char* what, float value) {
  if (std::isfinite(value)) return {};
  return std::string(what) + " is " + (std::isnan(value) ? "NaN" : "infinite");
}

std::string vector_fault(const QueryVector& query) {
  if (const auto* sparse = std::get_if<SparseVector>(&query.variant())) {
    auto fault = detail::sparse_vector_fault(*sparse);
    // The message begins as that of the Rust crate.
    return fault.empty() ? fault : "Invalid sparse vector in KNN query: " + fault;
  }
  if (const auto* text = std::get_if<QueryText>(&query.variant())) {
    auto fault = detail::text_fault(text->text);
    return fault.empty() ? fault : "the text of a KNN query " + fault;
  }
  const auto& dense = std::get<std::vector<float>>(query.variant());
  for (std::size_t i = 0; i < dense.size(); ++i) {
    const auto what = "component " + std::to_string(i) + " of a KNN query";
    if (!std::isfinite(dense[i])) return finite_fault(what.c_str(), dense[i]);
  }
  return {};
}

/// Finds the first error from left to right.
struct FaultFinder {
  std::string fault;

  void leaf(float constant) { note(finite_fault("a constant", constant)); }
  void leaf(const Knn& knn) {
    note(vector_fault(knn.query()));
    if (knn.default_score()) note(finite_fault("the default score of a KNN query", *knn.default_score()));
    const auto limit = detail::u32_fault(knn.limit());
    if (!limit.empty()) note("the limit of a KNN query " + limit);
    const auto text = detail::text_fault(knn.key().text());
    if (!text.empty()) note("the key of a KNN query " + text);
  }
  void open(const RankOperation&) {}
  void between(const RankOperation&) {}
  void close(const RankOperation&) {}

 private:
  void note(std::string found) {
    if (fault.empty()) fault = std::move(found);
  }
};

struct KnnCollector {
  std::vector<const Knn*> found;

  void leaf(float) {}
  void leaf(const Knn& knn) { found.push_back(&knn); }
  void open(const RankOperation&) {}
  void between(const RankOperation&) {}
  void close(const RankOperation&) {}
};

struct RankPrinter {
  std::ostream& out;

  void leaf(float constant) { out << constant; }
  void leaf(const Knn& knn) { out << knn; }
  void open(const RankOperation& operation) { out << function(operation.op) << '('; }
  void between(const RankOperation& operation) { out << separator(operation.op); }
  void close(const RankOperation&) { out << ')'; }

 private:
  static const char* function(RankOperator op) {
    switch (op) {
      case RankOperator::Max:
        return "max";
      case RankOperator::Min:
        return "min";
      case RankOperator::Absolute:
        return "abs";
      case RankOperator::Exponential:
        return "exp";
      case RankOperator::Logarithm:
        return "log";
      default:
        return "";
    }
  }
  static const char* separator(RankOperator op) {
    switch (op) {
      case RankOperator::Sum:
        return " + ";
      case RankOperator::Multiply:
        return " * ";
      case RankOperator::Subtract:
        return " - ";
      case RankOperator::Divide:
        return " / ";
      default:
        return ", ";
    }
  }
};

}  // namespace

std::vector<const Knn*> RankExpr::knn_queries() const {
  KnnCollector collector;
  detail::walk(*this, collector);
  return std::move(collector.found);
}

std::string RankExpr::fault() const {
  FaultFinder finder;
  detail::walk(*this, finder);
  return std::move(finder.fault);
}

std::ostream& operator<<(std::ostream& out, const RankExpr& rank) {
  RankPrinter printer{out};
  detail::walk(rank, printer);
  return out;
}

std::ostream& operator<<(std::ostream& out, const Knn& knn) {
  return out << "Knn(" << knn.query() << ", key " << knn.key() << ", limit " << knn.limit() << ')';
}

std::ostream& operator<<(std::ostream& out, const QueryVector& vector) {
  if (const auto* sparse = std::get_if<SparseVector>(&vector.variant())) return out << *sparse;
  if (const auto* text = std::get_if<QueryText>(&vector.variant())) {
    detail::display(out, std::string_view(text->text), 80);
    return out;
  }
  constexpr std::size_t shown = 4;
  const auto& dense = std::get<std::vector<float>>(vector.variant());
  out << '[';
  for (std::size_t i = 0; i < dense.size() && i < shown; ++i) out << (i == 0 ? "" : ", ") << dense[i];
  if (dense.size() > shown) out << ", ... " << dense.size() << " values";
  return out << ']';
}

RankExpr rrf(std::vector<RankExpr> ranks, std::uint32_t k, std::vector<float> weights, bool normalize) {
  const auto refuse = [](std::string message) {
    throw ChromaHttpClientError(ValidationError{std::move(message), {}});
  };
  if (ranks.empty()) refuse("RRF requires at least one rank expression");
  if (weights.empty()) weights.assign(ranks.size(), 1.0F);
  if (weights.size() != ranks.size()) {
    refuse("RRF weights length (" + std::to_string(weights.size()) + ") must match ranks length (" +
           std::to_string(ranks.size()) + ")");
  }
  if (normalize) {
    float sum = 0;
    for (const float weight : weights) sum += weight;
    if (sum == 0) refuse("RRF weights sum to zero, cannot normalize");
    for (float& weight : weights) weight /= sum;
  }
  const auto term = [&](std::size_t i) {
    return RankExpr(weights[i]) / (RankExpr(static_cast<float>(k)) + ranks[i]);
  };
  auto sum = term(0);
  for (std::size_t i = 1; i < ranks.size(); ++i) sum = sum + term(i);
  return -sum;
}

}  // namespace chroma

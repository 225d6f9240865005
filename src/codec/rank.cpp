#include "codec/rank.hpp"

#include "codec/instantiate.hpp"
#include "codec/key.hpp"
#include "types/metadata_json.hpp"
#include "types/rank_walk.hpp"

#include <array>
#include <string>
#include <utility>

namespace chroma {

static void write(json::Writer& out, const QueryText& query) {
  out.string(query.text);
}

void write(json::Writer& out, const QueryVector& vector) {
  std::visit([&](const auto& values) { write(out, values); }, vector.variant());
}

void read(json::Reader& in, QueryVector& vector) {
  if (in.peek() == json::Reader::Kind::array) {
    std::vector<float> dense;
    read(in, dense);
    vector = QueryVector(std::move(dense));
  } else if (in.peek() == json::Reader::Kind::string) {
    vector = QueryVector(QueryText(in.string()));
  } else {
    SparseVector sparse;
    read(in, sparse);
    vector = QueryVector(std::move(sparse));
  }
}

template <>
struct detail::Description<Knn> {
  static void fields(auto& knn, auto visit) {
    visit(json::required("query"), knn.query_);
    visit("key", knn.key_);
    visit("limit", knn.limit_);
    visit("default", knn.default_score_);
    visit("return_rank", knn.return_rank_);
  }
};

namespace {

/// The JSON form of the operands: an array, a single operand, or an object with two named operands.
enum class Shape { List, Single, Pair };

struct Form {
  RankOperator op;
  std::string_view name;
  Shape shape;
};

constexpr std::array<Form, 9> forms{{
    {RankOperator::Sum, "$sum", Shape::List},
    {RankOperator::Multiply, "$mul", Shape::List},
    {RankOperator::Max, "$max", Shape::List},
    {RankOperator::Min, "$min", Shape::List},
    {RankOperator::Subtract, "$sub", Shape::Pair},
    {RankOperator::Divide, "$div", Shape::Pair},
    {RankOperator::Absolute, "$abs", Shape::Single},
    {RankOperator::Exponential, "$exp", Shape::Single},
    {RankOperator::Logarithm, "$log", Shape::Single},
}};

const Form& form_of(RankOperator op) {
  return forms[static_cast<std::size_t>(op)];
}

struct RankWriter {
  json::Writer& out;

  void leaf(float constant) {
    out.raw(R"({"$val":)");
    out.number(constant);
    out.raw('}');
  }
  void leaf(const Knn& knn) {
    out.raw(R"({"$knn":)");
    write(out, knn);
    out.raw('}');
  }
  void open(const RankOperation& operation) {
    const auto& form = form_of(operation.op);
    out.raw(R"({")");
    out.raw(form.name);
    out.raw(R"(":)");
    if (form.shape == Shape::List) out.raw('[');
    if (form.shape == Shape::Pair) out.raw(R"({"left":)");
  }
  void between(const RankOperation& operation) {
    out.raw(form_of(operation.op).shape == Shape::Pair ? R"(,"right":)" : ",");
  }
  void close(const RankOperation& operation) {
    const auto shape = form_of(operation.op).shape;
    out.raw(shape == Shape::List ? "]}" : shape == Shape::Pair ? "}}" : "}");
  }
};

/// The operands of a difference or quotient.
struct Pair {
  RankExpr left;
  RankExpr right;
};

}  // namespace

template <>
struct detail::Description<Pair> {
  static void fields(auto& pair, auto visit) {
    visit(json::required("left"), pair.left);
    visit(json::required("right"), pair.right);
  }
};

namespace {

RankExpr read_operation(json::Reader& in, const Form& form) {
  RankOperation operation(form.op, {});
  switch (form.shape) {
    case Shape::List:
      read(in, operation.operands);
      break;
    case Shape::Single:
      read(in, operation.operands.emplace_back());
      break;
    case Shape::Pair: {
      Pair pair;
      read(in, pair);
      operation.operands = {pair.left, pair.right};
      break;
    }
  }
  return RankExpr(std::move(operation));
}

RankExpr read_node(json::Reader& in, std::string_view name) {
  if (name == "$val") return RankExpr(in.float32());
  if (name == "$knn") {
    Knn knn;
    read(in, knn);
    return RankExpr(std::move(knn));
  }
  for (const auto& form : forms) {
    if (form.name == name) return read_operation(in, form);
  }
  in.fail("unknown rank expression '" + std::string(name) + "'");
}

}  // namespace

void write(json::Writer& out, const RankExpr& rank) {
  RankWriter writer{out};
  detail::walk(rank, writer);
}

void read(json::Reader& in, RankExpr& rank) {
  std::optional<RankExpr> node;
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    if (node) in.fail("a rank expression has exactly one key");
    const std::string name(key);
    node = read_node(in, name);
  }
  if (!node) in.fail("a rank expression has exactly one key");
  rank = *node;
}

CHROMA_CODEC(QueryVector);
CHROMA_CODEC(Knn);
CHROMA_CODEC(RankExpr);

}  // namespace chroma

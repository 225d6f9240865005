#include "codec/search.hpp"
#include "json/read_object.hpp"
#include "types/metadata_json.hpp"
#include "types/rank_walk.hpp"

#include <array>
#include <string>
#include <utility>

namespace chroma {
namespace {

/// How an operation is written: a list of operands, one operand, or two with names.
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

void read_pair(json::Reader& in, std::vector<RankExpr>& operands) {
  std::optional<RankExpr> left;
  std::optional<RankExpr> right;
  read_object(in, [&](std::string_view key) {
    if (key == "left") {
      read(in, left.emplace());
    } else if (key == "right") {
      read(in, right.emplace());
    } else {
      return false;
    }
    return true;
  });
  require_member(in, left.has_value(), "left");
  require_member(in, right.has_value(), "right");
  operands = {std::move(*left), std::move(*right)};
}

RankExpr read_operation(json::Reader& in, const Form& form) {
  RankOperation operation(form.op, {});
  switch (form.shape) {
    case Shape::List:
      read(in, operation.operands);
      break;
    case Shape::Single:
      read(in, operation.operands.emplace_back());
      break;
    case Shape::Pair:
      read_pair(in, operation.operands);
      break;
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

void write(json::Writer& out, const QueryVector& vector) {
  if (const auto* sparse = std::get_if<SparseVector>(&vector.variant())) {
    write(out, *sparse);
  } else {
    write(out, std::get<std::vector<float>>(vector.variant()));
  }
}

void read(json::Reader& in, QueryVector& vector) {
  if (in.peek() == json::Reader::Kind::array) {
    std::vector<float> dense;
    read(in, dense);
    vector = QueryVector(std::move(dense));
  } else {
    SparseVector sparse;
    read(in, sparse);
    vector = QueryVector(std::move(sparse));
  }
}

void write(json::Writer& out, const Knn& knn) {
  out.raw(R"({"query":)");
  write(out, knn.query());
  out.raw(R"(,"key":)");
  out.string(knn.key().text());
  out.raw(R"(,"limit":)");
  out.number(knn.limit());
  out.raw(R"(,"default":)");
  write(out, knn.default_score());
  out.raw(R"(,"return_rank":)");
  out.boolean(knn.return_rank());
  out.raw('}');
}

void read(json::Reader& in, Knn& knn) {
  std::optional<QueryVector> query;
  Knn rest;
  read_object(in, [&](std::string_view key) {
    if (key == "query") {
      read(in, query.emplace());
    } else if (key == "key") {
      rest.key(Key(in.string()));
    } else if (key == "limit") {
      rest.limit(in.uint32());
    } else if (key == "default") {
      std::optional<float> score;
      read(in, score);
      rest.default_score(score);
    } else if (key == "return_rank") {
      rest.return_rank(in.boolean());
    } else {
      return false;
    }
    return true;
  });
  require_member(in, query.has_value(), "query");
  knn = Knn(std::move(*query))
            .key(rest.key())
            .limit(rest.limit())
            .default_score(rest.default_score())
            .return_rank(rest.return_rank());
}

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

}  // namespace chroma

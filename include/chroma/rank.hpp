#pragma once

/// @file
/// `Knn` and `RankExpr`: the expression by which a search orders records.

#include <chroma/export.hpp>
#include <chroma/key.hpp>
#include <chroma/sparse_vector.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace chroma {

/// A text in place of a vector, which a search replaces by the vector that an embedding function makes of it.
struct CHROMA_API QueryText {
  QueryText() = default;
  explicit QueryText(std::string query) : text(std::move(query)) {}

  std::string text;

  friend bool operator==(const QueryText&, const QueryText&) = default;
};

/// The vector of a `Knn`: a dense vector of 32-bit floats, a sparse vector, or a text of which the search
/// makes one.
class CHROMA_API QueryVector {
 public:
  /// The alternatives. More may be added: a visitor needs a generic case.
  using Variant = std::variant<std::vector<float>, SparseVector, QueryText>;

  /// An empty dense vector.
  QueryVector();
  QueryVector(const QueryVector& other);
  QueryVector(QueryVector&& other) noexcept;
  QueryVector& operator=(const QueryVector& other);
  QueryVector& operator=(QueryVector&& other) noexcept;
  ~QueryVector();
  QueryVector(std::vector<float> dense);
  QueryVector(SparseVector sparse);
  QueryVector(QueryText text);

  /// The vector as a variant to visit.
  [[nodiscard]] const Variant& variant() const noexcept { return vector_; }

  friend bool operator==(const QueryVector&, const QueryVector&) = default;
  /// Writes the first components and the length, or the text in double quotes.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const QueryVector& vector);

 private:
  Variant vector_;
};

/// A nearest-neighbor query: scores the records that are nearest to a vector by their distance. Other records
/// have no score, unless `default_score` is set. Setters return the object itself; on a temporary they return
/// it by move.
class CHROMA_API Knn {
 public:
  /// A query with an empty dense vector, to be assigned to.
  Knn() = default;
  explicit Knn(QueryVector query) : query_(std::move(query)) {}
  explicit Knn(std::vector<float> dense) : query_(std::move(dense)) {}
  explicit Knn(SparseVector sparse) : query_(std::move(sparse)) {}

  /// A query by text. Before the search is sent, the text is replaced by the vector that an embedding
  /// function makes of it: the function of the collection if the key is `Key::Embedding`, else the function
  /// of the sparse index of the key. `ChromaCollection::search` says how errors are reported.
  ///
  ///     co_await collection.search(SearchPayload().rank(Knn::text("a ship in a storm")).limit(5));
  [[nodiscard]] static Knn text(std::string query) { return Knn(QueryVector(QueryText(std::move(query)))); }

  /// The vector.
  [[nodiscard]] const QueryVector& query() const noexcept { return query_; }

  /// The vectors that are searched: `Key::Embedding` (the default), or a metadata field with an index of
  /// sparse vectors.
  Knn& key(Key key) & { return set(key_, std::move(key)); }
  Knn key(Key key) && { return std::move(set(key_, std::move(key))); }
  Knn& key(std::string_view key) & { return set(key_, Key(key)); }
  Knn key(std::string_view key) && { return std::move(set(key_, Key(key))); }
  [[nodiscard]] const Key& key() const noexcept { return key_; }

  /// How many of the nearest records get a score; 16 by default, at most 4294967295.
  Knn& limit(std::uint64_t limit) & { return set(limit_, limit); }
  Knn limit(std::uint64_t limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }

  /// The score of all other records. If it is unset, the search does not return them.
  Knn& default_score(std::optional<float> score) & { return set(default_score_, score); }
  Knn default_score(std::optional<float> score) && { return std::move(set(default_score_, score)); }
  [[nodiscard]] std::optional<float> default_score() const noexcept { return default_score_; }

  /// If true, the score is the position in the order of distances (0, 1, 2, ...) instead of the distance. The
  /// arguments of `rrf` need it. False by default.
  Knn& return_rank(bool on) & { return set(return_rank_, on); }
  Knn return_rank(bool on) && { return std::move(set(return_rank_, on)); }
  [[nodiscard]] bool return_rank() const noexcept { return return_rank_; }

  friend bool operator==(const Knn&, const Knn&) = default;
  /// Writes for example `Knn([0.1, 0.2], key #embedding, limit 16)`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Knn& knn);

 private:
  template <class>
  friend struct detail::Description;

  template <class Member, class Value>
  Knn& set(Member& member, Value&& value) {
    member = std::forward<Value>(value);
    return *this;
  }

  QueryVector query_;
  Key key_ = Key("#embedding");
  std::uint64_t limit_ = 16;
  std::optional<float> default_score_;
  bool return_rank_ = false;
};

/// The operator of an inner node of a rank expression. More may be added: write a default in a `switch` over
/// this type.
enum class RankOperator : std::uint8_t {
  Sum,          ///< Any number of operands.
  Multiply,     ///< Any number of operands.
  Max,          ///< Any number of operands.
  Min,          ///< Any number of operands.
  Subtract,     ///< Two operands.
  Divide,       ///< Two operands.
  Absolute,     ///< One operand.
  Exponential,  ///< One operand; to the base e.
  Logarithm,    ///< One operand; natural.
};

struct RankOperation;

/// An expression that computes the score of a record from distances and constants. The server evaluates it;
/// records with the lowest score come first.
///
///     auto hybrid = Knn(dense) * 0.7 + Knn(sparse).key("words") * 0.3;
///
/// It converts implicitly from a `Knn` and from every arithmetic type except bool; constants are 32-bit
/// floats. Nested sums, products, `max` and `min` are flattened by the rules of the Rust crate: `a + b + c`
/// is one sum of three operands. Constants are not folded.
///
/// An expression is immutable and cheap to copy, because copies share the tree. Copying, comparing, printing
/// and destroying do not overflow the stack, however deep the tree is. Distinct objects may be used from
/// different threads at the same time, a const object from several.
class CHROMA_API RankExpr {
 public:
  /// A node of the tree. More alternatives may be added: a visitor needs a generic case.
  using Node = std::variant<float, Knn, RankOperation>;

  /// The constant 0.
  RankExpr() : RankExpr(0.0F) {}
  template <class T>
  requires(std::integral<T> || std::floating_point<T>) && (!std::same_as<T, bool>)RankExpr(T constant)
      : RankExpr(make_constant(static_cast<float>(constant))) {}
  RankExpr(Knn knn);
  /// A node with these operands. It is not flattened.
  explicit RankExpr(RankOperation operation);

  // Not movable, because a moved-from object would have no tree. A copy increments one reference count.
  RankExpr(const RankExpr&) = default;
  RankExpr& operator=(const RankExpr&) = default;
  ~RankExpr() = default;

  /// e to the power of this expression.
  [[nodiscard]] RankExpr exp() const;
  /// The natural logarithm.
  [[nodiscard]] RankExpr log() const;
  /// The absolute value.
  [[nodiscard]] RankExpr abs() const;
  // The parentheses keep the macros `max` and `min` of <windows.h> from being expanded.
  /// The larger of the two.
  [[nodiscard]] RankExpr(max)(RankExpr other) const;
  /// The smaller of the two.
  [[nodiscard]] RankExpr(min)(RankExpr other) const;

  /// The root of the tree.
  [[nodiscard]] const Node& node() const noexcept;

  /// All `Knn` nodes of the tree, from left to right. The pointers are valid as long as the expression or a
  /// copy of it exists.
  [[nodiscard]] std::vector<const Knn*> knn_queries() const;

  /// The reason why a search would refuse the expression, for example a NaN or an invalid sparse vector;
  /// empty if it is valid. `SearchPayload::validate` throws it as a `ValidationError`.
  [[nodiscard]] std::string fault() const;

  /// True if the trees are equal.
  CHROMA_API friend bool operator==(const RankExpr& left, const RankExpr& right);
  /// Writes for example `(Knn([0.1, 0.2], key #embedding, limit 16) * 0.7)`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const RankExpr& rank);

 private:
  struct Owned;

  explicit RankExpr(std::shared_ptr<const Owned> node) : node_(std::move(node)) {}
  static RankExpr make_constant(float value);

  std::shared_ptr<const Owned> node_;
};

/// An inner node of a rank expression: an operator and its operands.
struct CHROMA_API RankOperation {
  RankOperation() = default;
  RankOperation(RankOperator operation, std::vector<RankExpr> of) : op(operation), operands(std::move(of)) {}

  RankOperator op = RankOperator::Sum;
  std::vector<RankExpr> operands;

  CHROMA_API friend bool operator==(const RankOperation& left, const RankOperation& right);
};

// At namespace scope, so that lookup finds them for `Knn(q) * 0.7` and `0.7 * Knn(q)`.
/// The sum of two expressions; operands of a sum become operands of the result.
[[nodiscard]] CHROMA_API RankExpr operator+(const RankExpr& left, const RankExpr& right);
/// The difference of two expressions.
[[nodiscard]] CHROMA_API RankExpr operator-(const RankExpr& left, const RankExpr& right);
/// The product of two expressions; operands of a product become operands of the result.
[[nodiscard]] CHROMA_API RankExpr operator*(const RankExpr& left, const RankExpr& right);
/// The quotient of two expressions.
[[nodiscard]] CHROMA_API RankExpr operator/(const RankExpr& left, const RankExpr& right);
/// The product of -1 and the expression.
[[nodiscard]] CHROMA_API RankExpr operator-(const RankExpr& operand);

/// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009), as the Rust crate builds it: the negative sum of
/// weight / (k + rank) over all ranks. It is negative because the lowest score comes first.
/// @param ranks the expressions to combine; each should be a `Knn` with `return_rank(true)`
/// @param k a larger value reduces the influence of the first positions
/// @param weights one for each rank; if empty, each weight is 1
/// @param normalize if true, the weights are divided by their sum
/// @throws ChromaHttpClientError of kind ValidationError if there is no rank, if the number of weights
/// differs from the number of ranks, or if the weights are to be normalized and their sum is zero
[[nodiscard]] CHROMA_API RankExpr rrf(std::vector<RankExpr> ranks, std::uint32_t k = 60,
                                      std::vector<float> weights = {}, bool normalize = false);

}  // namespace chroma

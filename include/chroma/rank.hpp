#pragma once

/// @file
/// `RankExpr`: how a search orders what it finds.

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

/// What a `Knn` looks for: a dense vector of f32 or a sparse one.
class CHROMA_API QueryVector {
 public:
  using Variant = std::variant<std::vector<float>, SparseVector>;

  /// A dense vector without components.
  QueryVector();
  QueryVector(const QueryVector& other);
  QueryVector(QueryVector&& other) noexcept;
  QueryVector& operator=(const QueryVector& other);
  QueryVector& operator=(QueryVector&& other) noexcept;
  ~QueryVector();
  QueryVector(std::vector<float> dense);
  QueryVector(SparseVector sparse);

  /// The vector as a variant to visit.
  [[nodiscard]] const Variant& variant() const noexcept { return vector_; }

  friend bool operator==(const QueryVector&, const QueryVector&) = default;
  /// The first components and the length.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const QueryVector& vector);

 private:
  Variant vector_;
};

/// A record's distance to a vector, for the nearest records; the others have no score, unless `default_score`
/// gives them one. A setter returns the object itself, by move on a temporary.
class CHROMA_API Knn {
 public:
  /// Looks for an empty dense vector, for values read later.
  Knn() = default;
  explicit Knn(QueryVector query) : query_(std::move(query)) {}
  explicit Knn(std::vector<float> dense) : query_(std::move(dense)) {}
  explicit Knn(SparseVector sparse) : query_(std::move(sparse)) {}

  [[nodiscard]] const QueryVector& query() const noexcept { return query_; }

  /// Whose vectors are searched: `Key::Embedding` unless set, or a metadata field with a sparse index.
  Knn& key(Key key) & { return set(key_, std::move(key)); }
  Knn key(Key key) && { return std::move(set(key_, std::move(key))); }
  Knn& key(std::string_view key) & { return set(key_, Key(key)); }
  Knn key(std::string_view key) && { return std::move(set(key_, Key(key))); }
  [[nodiscard]] const Key& key() const noexcept { return key_; }

  /// How many of the nearest records get a score, at most 4294967295; 16 unless set.
  Knn& limit(std::uint64_t limit) & { return set(limit_, limit); }
  Knn limit(std::uint64_t limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }

  /// The score of all other records. Unset, they are left out.
  Knn& default_score(std::optional<float> score) & { return set(default_score_, score); }
  Knn default_score(std::optional<float> score) && { return std::move(set(default_score_, score)); }
  [[nodiscard]] std::optional<float> default_score() const noexcept { return default_score_; }

  /// The score is the place in the order (0, 1, 2, ...) instead of the distance, as `rrf` wants it.
  Knn& return_rank(bool on) & { return set(return_rank_, on); }
  Knn return_rank(bool on) && { return std::move(set(return_rank_, on)); }
  [[nodiscard]] bool return_rank() const noexcept { return return_rank_; }

  friend bool operator==(const Knn&, const Knn&) = default;
  /// For people: `Knn([0.1, 0.2], key #embedding, limit 16)`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Knn& knn);

 private:
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

/// What an inner node of a rank expression does with its operands.
enum class RankOperator : std::uint8_t {
  Sum,  ///< Any number of operands, as the next three.
  Multiply,
  Max,
  Min,
  Subtract,  ///< Two operands, as the next.
  Divide,
  Absolute,  ///< One operand, as the next two.
  Exponential,
  Logarithm,
};

struct RankOperation;

/// A score made of distances and constants; records with the lowest come first.
///
///     auto hybrid = Knn(dense) * 0.7 + Knn(sparse).key("words") * 0.3;
///
/// It converts from a `Knn` and from every arithmetic type but bool; constants are f32. Sums, products, `max`
/// and `min` are flattened as the crate flattens them: `a + b + c` is one sum of three. Nothing is computed
/// here.
///
/// Immutable and cheap to copy: copies share the tree. No depth of it overflows the stack. A const object may
/// be used from many threads at once.
class CHROMA_API RankExpr {
 public:
  using Node = std::variant<float, Knn, RankOperation>;

  /// The constant 0.
  RankExpr() : RankExpr(0.0F) {}
  template <class T>
  requires(std::integral<T> || std::floating_point<T>) && (!std::same_as<T, bool>)RankExpr(T constant)
      : RankExpr(make_constant(static_cast<float>(constant))) {}
  RankExpr(Knn knn);
  /// A node as it is, without flattening.
  explicit RankExpr(RankOperation operation);

  // A move would leave an object without a tree; a copy costs one reference.
  RankExpr(const RankExpr&) = default;
  RankExpr& operator=(const RankExpr&) = default;
  ~RankExpr() = default;

  /// e to the power of this.
  [[nodiscard]] RankExpr exp() const;
  /// The natural logarithm.
  [[nodiscard]] RankExpr log() const;
  /// The absolute value.
  [[nodiscard]] RankExpr abs() const;
  // The names are in parentheses because <windows.h> defines macros of these names.
  /// The larger of the two.
  [[nodiscard]] RankExpr(max)(RankExpr other) const;
  /// The smaller of the two.
  [[nodiscard]] RankExpr(min)(RankExpr other) const;

  /// The root of the tree.
  [[nodiscard]] const Node& node() const noexcept;

  /// All `Knn` of the tree, from left to right. They live as long as the expression.
  [[nodiscard]] std::vector<const Knn*> knn_queries() const;

  /// What is wrong with the expression's vectors and numbers, in words; empty if nothing is.
  /// `SearchPayload::validate` puts it into an error.
  [[nodiscard]] std::string fault() const;

  /// Equal trees.
  CHROMA_API friend bool operator==(const RankExpr& left, const RankExpr& right);
  /// For people: `(Knn([0.1, 0.2], key #embedding, limit 16) * 0.7)`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const RankExpr& rank);

 private:
  struct Owned;

  explicit RankExpr(std::shared_ptr<const Owned> node) : node_(std::move(node)) {}
  static RankExpr make_constant(float value);

  std::shared_ptr<const Owned> node_;
};

/// An inner node of a rank expression.
struct CHROMA_API RankOperation {
  RankOperation() = default;
  RankOperation(RankOperator operation, std::vector<RankExpr> of) : op(operation), operands(std::move(of)) {}

  RankOperator op = RankOperator::Sum;
  std::vector<RankExpr> operands;

  CHROMA_API friend bool operator==(const RankOperation& left, const RankOperation& right);
};

// At namespace scope, so that `Knn(q) * 0.7` and `0.7 * Knn(q)` are found.
[[nodiscard]] CHROMA_API RankExpr operator+(const RankExpr& left, const RankExpr& right);
[[nodiscard]] CHROMA_API RankExpr operator-(const RankExpr& left, const RankExpr& right);
[[nodiscard]] CHROMA_API RankExpr operator*(const RankExpr& left, const RankExpr& right);
[[nodiscard]] CHROMA_API RankExpr operator/(const RankExpr& left, const RankExpr& right);
/// `-1 * operand`.
[[nodiscard]] CHROMA_API RankExpr operator-(const RankExpr& operand);

/// Reciprocal rank fusion: minus the sum of weight / (k + rank) over the ranks, each of which should be a
/// `Knn` with `return_rank(true)`.
/// @param k dampens the first places
/// @param weights one a rank, or none for 1 each
/// @param normalize divides the weights by their sum
/// @throws ChromaHttpClientError with ValidationError if there is no rank, if there are more or fewer weights
/// than ranks, or if their sum is zero and was to be normalized
[[nodiscard]] CHROMA_API RankExpr rrf(std::vector<RankExpr> ranks, std::uint32_t k = 60,
                                      std::vector<float> weights = {}, bool normalize = false);

}  // namespace chroma

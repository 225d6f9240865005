#pragma once

/// @file
/// `Where`: which records an operation is about.

#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace chroma {

namespace detail {
/// What a set may hold, before conversion.
template <class T>
concept WhereSetItem =
    std::same_as<T, bool> || MetadataInteger<T> || std::floating_point<T> || MetadataText<T>;

/// What can stand in `is_in(a, b)`: items of one kind, be their types the same or not.
template <class... T>
concept WhereSetItems = (std::same_as<T, bool> && ...) || (MetadataInteger<T> && ...) ||
                        (std::floating_point<T> && ...) || (MetadataText<T> && ...);
}  // namespace detail

/// Operands of `is_in` and `not_in`: all bool, all integers, all floats or all strings.
class CHROMA_API WhereSet {
 public:
  using Variant = std::variant<std::vector<std::string>, std::vector<bool>, std::vector<std::int64_t>,
                               std::vector<double>>;

  /// No operands.
  WhereSet();
  WhereSet(const WhereSet& other);
  WhereSet(WhereSet&& other) noexcept;
  WhereSet& operator=(const WhereSet& other);
  WhereSet& operator=(WhereSet&& other) noexcept;
  ~WhereSet();

  /// @throws ChromaHttpClientError of kind ValidationError if an integer is beyond the largest std::int64_t
  template <detail::WhereSetItem T>
  WhereSet(const std::vector<T>& values) : values_(converted(values)) {}

  /// Operands of one kind. @throws ChromaHttpClientError as above
  template <class... T>
  requires detail::WhereSetItems<T...>
  [[nodiscard]] static WhereSet of(const T&... items) {
    if constexpr ((std::same_as<T, bool> && ...)) {
      return WhereSet(std::vector<bool>{items...});
    } else if constexpr ((detail::MetadataInteger<T> && ...)) {
      return WhereSet(std::vector<std::int64_t>{detail::to_int64(items)...});
    } else if constexpr ((std::floating_point<T> && ...)) {
      return WhereSet(std::vector<double>{static_cast<double>(items)...});
    } else {
      return WhereSet(std::vector<std::string>{std::string(items)...});
    }
  }

  /// The operands as a variant to visit.
  [[nodiscard]] const Variant& variant() const noexcept { return values_; }
  [[nodiscard]] std::size_t size() const noexcept;

  friend bool operator==(const WhereSet&, const WhereSet&) = default;

 private:
  template <class T>
  static Variant converted(const std::vector<T>& values) {
    if constexpr (std::same_as<T, bool>) {
      return values;
    } else if constexpr (detail::MetadataInteger<T>) {
      return detail::to_int64s(values);
    } else if constexpr (std::floating_point<T>) {
      return std::vector<double>(values.begin(), values.end());
    } else {
      return std::vector<std::string>(values.begin(), values.end());
    }
  }

  Variant values_;
};

enum class BooleanOperator { And, Or };
enum class DocumentOperator { Contains, NotContains, Regex, NotRegex };
enum class PrimitiveOperator { Equal, NotEqual, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual };
enum class SetOperator { In, NotIn };
enum class ContainsOperator { Contains, NotContains };

class Where;

/// Node of a filter: all or any of the children.
struct CHROMA_API CompositeExpression {
  CompositeExpression() = default;
  CompositeExpression(BooleanOperator op_, std::vector<Where> children_);

  BooleanOperator op = BooleanOperator::And;
  std::vector<Where> children;

  CHROMA_API friend bool operator==(const CompositeExpression& left, const CompositeExpression& right);
};

/// Node of a filter: a text or a pattern in the record's document.
struct CHROMA_API DocumentExpression {
  DocumentExpression() = default;
  DocumentExpression(DocumentOperator op_, std::string pattern_) : op(op_), pattern(std::move(pattern_)) {}

  DocumentOperator op = DocumentOperator::Contains;
  std::string pattern;

  friend bool operator==(const DocumentExpression&, const DocumentExpression&) = default;
};

/// A comparison with one value.
struct CHROMA_API PrimitiveComparison {
  PrimitiveComparison() = default;
  PrimitiveComparison(PrimitiveOperator op_, MetadataValue value_) : op(op_), value(std::move(value_)) {}

  PrimitiveOperator op = PrimitiveOperator::Equal;
  MetadataValue value;

  friend bool operator==(const PrimitiveComparison&, const PrimitiveComparison&) = default;
};

/// A comparison with a set of values.
struct CHROMA_API SetComparison {
  SetComparison() = default;
  SetComparison(SetOperator op_, WhereSet values_) : op(op_), values(std::move(values_)) {}

  SetOperator op = SetOperator::In;
  WhereSet values;

  friend bool operator==(const SetComparison&, const SetComparison&) = default;
};

/// An array field compared with one value that it may contain.
struct CHROMA_API ArrayComparison {
  ArrayComparison() = default;
  ArrayComparison(ContainsOperator op_, MetadataValue value_) : op(op_), value(std::move(value_)) {}

  ContainsOperator op = ContainsOperator::Contains;
  MetadataValue value;

  friend bool operator==(const ArrayComparison&, const ArrayComparison&) = default;
};

/// Node of a filter: a comparison of a metadata field.
struct CHROMA_API MetadataExpression {
  using Comparison = std::variant<PrimitiveComparison, SetComparison, ArrayComparison>;

  MetadataExpression() = default;
  MetadataExpression(std::string key_, Comparison comparison_);

  std::string key;
  Comparison comparison;

  friend bool operator==(const MetadataExpression&, const MetadataExpression&) = default;
};

/// Which records an operation is about: a tree that `Key` makes and that `&` and `|` combine.
///
///     auto crime = Key("genre") == "crime" && (Key("year") >= 1990 || Key::Document.contains("noir"));
///
/// `&&` and `||` are the same as `&` and `|`: they combine, and both sides are always evaluated. Building
/// never throws over the content; operations refuse NaN and infinities and send the rest, so that the
/// server's own words explain what its grammar refuses.
///
/// A `Where` is immutable and cheap to copy: copies share the tree. Neither copying, comparing, printing nor
/// destroying one overflows the stack, however deep it is. Any object may be used from many threads at once
/// as long as none assigns to it.
class CHROMA_API Where {
 public:
  using Node = std::variant<CompositeExpression, DocumentExpression, MetadataExpression>;

  /// `true` matches every record, `false` none. Exactly bool: a text is parsed by `parse`.
  template <std::same_as<bool> T>
  explicit Where(T everything)
      : Where(CompositeExpression(everything ? BooleanOperator::And : BooleanOperator::Or, {})) {}
  /// A node as it is, without simplification.
  explicit Where(CompositeExpression expression);
  explicit Where(DocumentExpression expression);
  explicit Where(MetadataExpression expression);

  // A move would leave an object without a tree; a copy costs one reference.
  Where(const Where&) = default;
  Where& operator=(const Where&) = default;
  ~Where() = default;

  /// All of the clauses. Clauses that are conjunctions themselves are replaced by their children (one level),
  /// neighbours that are equal become one, and a single clause stays as it is. None match everything.
  [[nodiscard]] static Where conjunction(std::vector<Where> clauses);
  /// Any of the clauses, likewise. None match nothing.
  [[nodiscard]] static Where disjunction(std::vector<Where> clauses);

  /// Reads the JSON of a `where` clause as strictly as the server does, regular expressions included but for
  /// the names of Unicode properties (`\p{Greek}`), which the server alone looks up; JSON of more than 128
  /// levels is refused. A clause that reads well prints back with implied `$eq` spelled out.
  /// @throws ChromaHttpClientError of kind InvalidWhere; its message names the place by byte and JSON pointer
  [[nodiscard]] static Where parse(std::string_view json_text);
  /// Reads the JSON of a `where_document` clause: `{"$contains": "x"}`.
  /// @throws ChromaHttpClientError of kind InvalidWhere
  [[nodiscard]] static Where parse_document(std::string_view json_text);

  /// The clause as it is sent. NaN and the infinities become null.
  [[nodiscard]] std::string to_json() const;

  /// The root of the tree.
  [[nodiscard]] const Node& node() const noexcept;

  /// Every operation that sends a filter calls this first.
  /// @param field named in the error
  /// @throws ChromaHttpClientError of kind ValidationError if an operand is NaN or infinite or a text is not
  /// valid UTF-8; names the key
  void validate(std::string_view field = "where") const;

  friend Where operator&(Where left, Where right) {
    return combined(BooleanOperator::And, std::move(left), std::move(right));
  }
  friend Where operator|(Where left, Where right) {
    return combined(BooleanOperator::Or, std::move(left), std::move(right));
  }
  friend Where operator&&(Where left, Where right) { return std::move(left) & std::move(right); }
  friend Where operator||(Where left, Where right) { return std::move(left) | std::move(right); }

  /// Equal trees.
  CHROMA_API friend bool operator==(const Where& left, const Where& right);
  /// For people: `(year ≥ 1990 & #document CONTAINS "noir")`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Where& where);

 private:
  struct Owned;

  static Where combined(BooleanOperator op, Where left, Where right);

  std::shared_ptr<const Owned> node_;
};

}  // namespace chroma

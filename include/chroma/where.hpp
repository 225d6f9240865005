#pragma once

/// @file
/// `Where`: a filter of records.

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
/// The element types of a set, before conversion.
template <class T>
concept WhereSetItem =
    std::same_as<T, bool> || MetadataInteger<T> || std::floating_point<T> || MetadataText<T>;

/// The argument types of `is_in(a, b)`: all bools, all integers, all floats or all texts. Their types may
/// differ, as those of `int` and `long`.
template <class... T>
concept WhereSetItems = (std::same_as<T, bool> && ...) || (MetadataInteger<T> && ...) ||
                        (std::floating_point<T> && ...) || (MetadataText<T> && ...);
}  // namespace detail

/// The operands of `is_in` and `not_in`: all bools, all integers, all floats or all strings.
class CHROMA_API WhereSet {
 public:
  /// The alternatives. More may be added: a visitor needs a generic case.
  using Variant = std::variant<std::vector<std::string>, std::vector<bool>, std::vector<std::int64_t>,
                               std::vector<double>>;

  /// No operands.
  WhereSet();
  WhereSet(const WhereSet& other);
  WhereSet(WhereSet&& other) noexcept;
  WhereSet& operator=(const WhereSet& other);
  WhereSet& operator=(WhereSet&& other) noexcept;
  ~WhereSet();

  /// @throws ChromaHttpClientError of kind ValidationError if an integer is larger than the largest
  /// std::int64_t
  template <detail::WhereSetItem T>
  WhereSet(const std::vector<T>& values) : values_(converted(values)) {}

  /// A set of these operands, which are all bools, all integers, all floats or all texts.
  /// @throws ChromaHttpClientError of kind ValidationError if an integer is larger than the largest
  /// std::int64_t
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

// The operators of the nodes of a filter. More may be added: write a default in a `switch` over them.
enum class BooleanOperator { And, Or };
enum class DocumentOperator { Contains, NotContains, Regex, NotRegex };
enum class PrimitiveOperator { Equal, NotEqual, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual };
enum class SetOperator { In, NotIn };
enum class ContainsOperator { Contains, NotContains };

class Where;

/// Node of a filter: matches if all children match (`And`), or if any child matches (`Or`).
struct CHROMA_API CompositeExpression {
  CompositeExpression() = default;
  CompositeExpression(BooleanOperator op_, std::vector<Where> children_);

  BooleanOperator op = BooleanOperator::And;
  std::vector<Where> children;

  CHROMA_API friend bool operator==(const CompositeExpression& left, const CompositeExpression& right);
};

/// Node of a filter: a text or a regular expression that the document of a record is compared with.
struct CHROMA_API DocumentExpression {
  DocumentExpression() = default;
  DocumentExpression(DocumentOperator op_, std::string pattern_, std::string key_ = "#document")
      : op(op_), pattern(std::move(pattern_)), key(std::move(key_)) {}

  DocumentOperator op = DocumentOperator::Contains;
  std::string pattern;
  /// The key whose member function made the node. JSON has `#document` whatever it is; operations refuse
  /// every other key.
  std::string key = "#document";

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

/// A comparison of an array field with a value that it contains, or does not contain.
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

/// A filter of records: a tree whose leaves are made by `Key` and combined by `&` and `|`.
///
///     auto crime = Key("genre") == "crime" && (Key("year") >= 1990 || Key::Document.contains("noir"));
///
/// `&&` and `||` mean the same as `&` and `|`, and always evaluate both operands. Building a filter does not
/// check its content. Operations refuse what `validate` refuses and send everything else, because the
/// server's grammar may grow. If the server refuses a filter, the message of the error says what `parse` does
/// not accept about it.
///
/// A filter is immutable and cheap to copy, because copies share the tree. Copying, comparing, printing and
/// destroying do not overflow the stack, however deep the tree is. Distinct objects may be used from
/// different threads at the same time, a const object from several.
class CHROMA_API Where {
 public:
  /// A node of the tree. More alternatives may be added: a visitor needs a generic case.
  using Node = std::variant<CompositeExpression, DocumentExpression, MetadataExpression>;

  /// `true` matches every record, `false` none. It takes exactly `bool`, so that a string literal does not
  /// become a filter that matches everything; JSON text is parsed by `parse`.
  template <std::same_as<bool> T>
  explicit Where(T everything)
      : Where(CompositeExpression(everything ? BooleanOperator::And : BooleanOperator::Or, {})) {}
  /// A node with these children. It is not simplified.
  explicit Where(CompositeExpression expression);
  explicit Where(DocumentExpression expression);
  explicit Where(MetadataExpression expression);

  // Not movable, because a moved-from object would have no tree. A copy increments one reference count.
  Where(const Where&) = default;
  Where& operator=(const Where&) = default;
  ~Where() = default;

  /// Matches if all clauses match; an empty list matches every record. By the rules of the Rust crate, a
  /// clause that is itself a conjunction is replaced by its children (one level), of adjacent clauses that
  /// are equal one is kept, and if one clause is left, it is returned.
  [[nodiscard]] static Where conjunction(std::vector<Where> clauses);
  /// Matches if any clause matches; an empty list matches no record. It is simplified likewise.
  [[nodiscard]] static Where disjunction(std::vector<Where> clauses);

  /// Parses the JSON of a `where` clause. It accepts what the server accepts, with the same checks of regular
  /// expressions, except that only the server checks the names of Unicode properties (`\p{Greek}`). JSON that
  /// is nested deeper than 128 levels is an error. `to_json` of the result writes an implicit `$eq`
  /// explicitly.
  /// @throws ChromaHttpClientError of kind InvalidWhere; its message has the byte offset and a JSON pointer
  [[nodiscard]] static Where parse(std::string_view json_text);
  /// Parses the JSON of a `where_document` clause, for example `{"$contains": "x"}`.
  /// @throws ChromaHttpClientError of kind InvalidWhere
  [[nodiscard]] static Where parse_document(std::string_view json_text);

  /// The filter as JSON text, as requests carry it. NaN and infinities become null.
  [[nodiscard]] std::string to_json() const;

  /// The root of the tree.
  [[nodiscard]] const Node& node() const noexcept;

  /// The checks that every operation makes before it sends a filter.
  /// @param field the field of the error
  /// @throws ChromaHttpClientError of kind ValidationError if an operand is NaN or infinite, if a text is not
  /// valid UTF-8, or if `contains`, `not_contains`, `regex` or `not_regex` was called on another key than
  /// `Key::Document`; its message names the key
  void validate(std::string_view field = "where") const;

  friend Where operator&(Where left, Where right) {
    return combined(BooleanOperator::And, std::move(left), std::move(right));
  }
  friend Where operator|(Where left, Where right) {
    return combined(BooleanOperator::Or, std::move(left), std::move(right));
  }
  friend Where operator&&(Where left, Where right) { return std::move(left) & std::move(right); }
  friend Where operator||(Where left, Where right) { return std::move(left) | std::move(right); }

  /// True if the trees are equal.
  CHROMA_API friend bool operator==(const Where& left, const Where& right);
  /// Writes the filter for people to read: `(year ≥ 1990 & #document CONTAINS "noir")`.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const Where& where);

 private:
  struct Owned;

  static Where combined(BooleanOperator op, Where left, Where right);

  std::shared_ptr<const Owned> node_;
};

}  // namespace chroma

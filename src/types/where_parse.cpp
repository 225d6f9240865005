// Reads filters from JSON, by the grammar of the server.
#include "types/regex/syntax.hpp"
#include "types/reserved_keys.hpp"
#include "types/where_json.hpp"
#include "types/where_operators.hpp"

#include <chroma/error.hpp>
#include <chroma/key.hpp>

namespace chroma {
namespace {

[[noreturn]] void throw_invalid_where(std::string message) {
  throw ChromaHttpClientError(InvalidWhere{std::move(message)});
}

/// How errors are worded: for a text that the caller gave, or for a filter that the caller built, whose text
/// is not known to the caller.
class Wording {
 public:
  Wording(std::string_view text, const char* what) : text_(text), what_(what) {}

  [[nodiscard]] std::string fault(const std::string& reason, const std::string& place) const {
    if (what_ == nullptr) return reason + ", " + place;
    return std::string(what_) + ": " + reason + ' ' + place;
  }
  [[nodiscard]] std::string place(std::size_t offset) const {
    return place(offset, json::json_pointer(text_, offset));
  }
  [[nodiscard]] std::string place(std::size_t offset, const std::string& pointer) const {
    if (what_ == nullptr) return "at " + pointer;
    return "at byte " + std::to_string(offset) + " (" + pointer + ")";
  }

 private:
  std::string_view text_;
  const char* what_;  ///< In front of the reason; nullptr for a filter that was built.
};

/// Parses a text by one of the two grammars. Errors are thrown as InvalidWhere with their location.
class Parser {
 public:
  Parser(json::Reader& in, std::string_view text, const Wording& wording)
      : in_(in), text_(text), wording_(wording) {}

  Where where() {
    return sole_member("a where clause", [&](const std::string& key) { return clause(key); });
  }
  Where where_document() {
    return sole_member("a where_document clause",
                       [&](const std::string& key) { return document_clause(key); });
  }

 private:
  /// Reads an object that must have exactly one member. `read(key)` reads its value and returns the result.
  template <class Read>
  std::invoke_result_t<Read, const std::string&> sole_member(const char* what, Read read) {
    const char* begin = here();
    if (in_.peek() != json::Reader::Kind::object)
      fail(begin, std::string(what) + " is an object with exactly one key");
    in_.begin_object();
    std::string_view key;
    if (!in_.next_key(key)) fail(begin, std::string(what) + " is an object with exactly one key, found none");
    auto result = read(std::string(key));
    if (in_.next_key(key)) {
      fail(begin, std::string(what) + " is an object with exactly one key, found another: \"" +
                      std::string(key) + "\"; combine them with $and");
    }
    return result;
  }

  Where clause(const std::string& key) {
    const char* begin = here();
    if (const auto op = find_operator<BooleanOperator>(key)) {
      return Where(CompositeExpression(*op, children([&] { return where(); })));
    }
    if (!key.empty() && key.front() == '$') fail(begin, "unknown operator \"" + key + "\"");
    if (in_.peek() == json::Reader::Kind::object) {
      return sole_member("a comparison", [&](const std::string& op) { return comparison(key, op); });
    }
    return comparison(key, PrimitiveOperator::Equal, scalar());
  }

  Where document_clause(const std::string& key) {
    const char* begin = here();
    if (const auto op = find_operator<BooleanOperator>(key)) {
      return Where(CompositeExpression(*op, children([&] { return where_document(); })));
    }
    const auto op = find_operator<DocumentOperator>(key);
    if (!op) fail(begin, "unknown operator \"" + key + "\"");
    if (in_.peek() != json::Reader::Kind::string) fail(begin, "the operand of " + key + " is a string");
    return document(*op, begin, in_.string());
  }

  template <class Child>
  std::vector<Where> children(Child child) {
    const char* begin = here();
    if (in_.peek() != json::Reader::Kind::array) fail(begin, "expected an array of clauses");
    std::vector<Where> clauses;
    in_.begin_array();
    while (in_.next_element()) clauses.push_back(child());
    return clauses;
  }

  Where comparison(const std::string& key, const std::string& op) {
    const char* begin = here();
    const bool is_document = key == document_key;
    if (in_.peek() == json::Reader::Kind::array) {
      const auto set = find_operator<SetOperator>(op);
      if (!set) fail(begin, "only $in and $nin take an array");
      return Where(MetadataExpression(key, SetComparison(*set, operands())));
    }
    auto value = scalar();
    const bool is_text = value.is<std::string>();
    if (is_text && is_document) {
      if (const auto document_op = find_operator<DocumentOperator>(op)) {
        return document(*document_op, begin, *value.get_if<std::string>());
      }
    } else if (const auto contains = find_operator<ContainsOperator>(op)) {
      if (is_document) fail(begin, "the operand for #document must be a string");
      return Where(MetadataExpression(key, ArrayComparison(*contains, std::move(value))));
    }
    const auto primitive = find_operator<PrimitiveOperator>(op);
    if (!primitive) fail(begin, "\"" + op + "\" is not an operator for this key and this type of operand");
    const bool is_order = *primitive != PrimitiveOperator::Equal && *primitive != PrimitiveOperator::NotEqual;
    if (is_order && (is_text || value.is<bool>())) fail(begin, "\"" + op + "\" requires a number");
    return comparison(key, *primitive, std::move(value));
  }

  static Where comparison(const std::string& key, PrimitiveOperator op, MetadataValue value) {
    return Where(MetadataExpression(key, PrimitiveComparison(op, std::move(value))));
  }

  Where document(DocumentOperator op, const char* place, std::string pattern) {
    if (op == DocumentOperator::Regex || op == DocumentOperator::NotRegex) {
      if (const auto fault = detail::regex_fault(pattern); !fault.empty())
        throw_invalid_where(fault + "\n" + place_of(place));
    }
    return Where(DocumentExpression(op, std::move(pattern)));
  }

  /// The text of a number determines its type: an integer larger than int64 does not become a float.
  MetadataValue number() {
    if (const auto integer = in_.take_int64()) return MetadataValue(*integer);
    const char* begin = here();
    const auto value = in_.float64();
    const std::string_view written(begin, static_cast<std::size_t>(in_.cursor() - begin));
    if (written != "-0" && written.find_first_of(".eE") == std::string_view::npos) {
      fail(begin, "the integer does not fit into 64 bits");
    }
    return MetadataValue(value);
  }

  MetadataValue scalar() {
    const char* begin = here();
    switch (in_.peek()) {
      case json::Reader::Kind::boolean:
        return MetadataValue(in_.boolean());
      case json::Reader::Kind::string:
        return MetadataValue(in_.string());
      case json::Reader::Kind::number:
        return number();
      case json::Reader::Kind::null:
        fail(begin, "null cannot be an operand");
      case json::Reader::Kind::array:
        fail(begin, "expected a value, found an array; a set is written {\"$in\": [...]}");
      case json::Reader::Kind::object:
        fail(begin, "expected a value, found an object");
    }
    fail(begin, "expected a value");
  }

  /// Reads the array of a set operator. All elements must have the type of the first.
  WhereSet operands() {
    const char* begin = here();
    in_.begin_array();
    if (!in_.next_element()) fail(begin, "the array is empty");
    const char* first_place = here();
    const auto first = scalar();
    if (first.is<std::string>()) return rest<std::string>(first);
    if (first.is<bool>()) return rest<bool>(first);
    if (first.is<double>()) return rest<double>(first);
    if (first.is<std::int64_t>()) return rest<std::int64_t>(first);
    fail(first_place, "expected a string, a bool or a number");
  }

  template <class T>
  WhereSet rest(const MetadataValue& first) {
    std::vector<T> values;
    values.push_back(*first.get_if<T>());
    while (in_.next_element()) {
      const char* begin = here();
      const auto value = scalar();
      if (const auto* same = value.get_if<T>()) {
        values.push_back(*same);
        continue;
      }
      if constexpr (std::is_same_v<T, double>) {
        if (const auto* integer = value.get_if<std::int64_t>()) {
          values.push_back(static_cast<double>(*integer));
          continue;
        }
      }
      fail(begin, "all elements of the array must have the type of the first");
    }
    return WhereSet(values);
  }

  const char* here() {
    in_.skip_space();
    return in_.cursor();
  }

  std::string place_of(const char* place) const {
    return wording_.place(static_cast<std::size_t>(place - text_.data()));
  }

  [[noreturn]] void fail(const char* place, const std::string& reason) const {
    throw_invalid_where(wording_.fault(reason, place_of(place)));
  }

  json::Reader& in_;
  std::string_view text_;
  const Wording& wording_;
};

constexpr const char* invalid_where = "Invalid where clause";
constexpr const char* invalid_document = "Invalid where document clause";

/// Parses a whole text by a grammar. Text that is not JSON is an invalid clause, too.
/// @param what in front of the reason; nullptr for the text of a filter that was built
template <class Parse>
Where parse_text(std::string_view text, const char* what, Parse parse) {
  json::Reader in(text);
  const Wording wording(text, what);
  try {
    Parser parser(in, text, wording);
    auto where = parse(parser);
    in.finish();
    return where;
  } catch (const ChromaHttpClientError& error) {
    const auto* serde = error.get_if<SerdeError>();
    if (serde == nullptr) throw;
    throw_invalid_where(wording.fault(serde->message, wording.place(in.offset(), serde->path)));
  }
}

}  // namespace

void read(json::Reader& in, std::optional<Where>& where) {
  where.reset();
  if (!in.take_null()) where = Where::parse(in.skip());
}

std::string detail::where_fault(const Where& where) {
  const std::string text = where.to_json();
  try {
    static_cast<void>(parse_text(text, nullptr, [](Parser& parser) { return parser.where(); }));
  } catch (const ChromaHttpClientError& error) {
    return error.get_if<InvalidWhere>()->message;
  }
  return {};
}

Where Where::parse(std::string_view json_text) {
  return parse_text(json_text, invalid_where, [](Parser& parser) { return parser.where(); });
}

Where Where::parse_document(std::string_view json_text) {
  return parse_text(json_text, invalid_document, [](Parser& parser) { return parser.where_document(); });
}

}  // namespace chroma

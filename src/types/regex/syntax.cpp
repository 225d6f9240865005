#include "types/regex/syntax.hpp"

#include "core/utf8.hpp"
#include "types/regex/cursor.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace chroma::detail {
namespace {

/// Thrown for a pattern that can match bytes that are not valid UTF-8. Caught in this file.
struct BytePattern {};

/// Reads a pattern once. Tracks the open groups and the flags in effect.
class Checker : private PatternCursor {
 public:
  using PatternCursor::PatternCursor;

  void check() {
    while (!at_end()) item();
    if (!groups_.empty()) throw PatternFault{groups_.back().span, "unclosed group"};
  }

 private:
  struct Flags {
    bool verbose = false;
    bool unicode = true;
  };
  struct Group {
    PatternSpan span;
    Flags outer;
  };

  /// Called for an element that matches any byte if the flag `u` is off. The server refuses such patterns.
  void require_unicode() const {
    if (!flags_.unicode) throw BytePattern();
  }

  void item() {
    const auto begin = at_;
    const char c = text_[at_];
    if (flags_.verbose && core::is_space(c)) {
      ++at_;
    } else if (flags_.verbose && c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '(') {
      open_group();
    } else if (c == ')') {
      close_group();
    } else if (c == '|') {
      ++at_;
      repeatable_ = false;
    } else if (is_one_of(c, "*+?")) {
      ++at_;
      repetition(begin);
    } else if (c == '{') {
      counted_repetition();
    } else if (c == '[') {
      character_class();
      repeatable_ = true;
    } else if (c == '\\') {
      escape(false);
      repeatable_ = true;
    } else {
      if (c == '.') require_unicode();
      at_ += width_at(at_);
      repeatable_ = true;
    }
  }

  void open_group() {
    const auto begin = at_++;
    const Flags outer = flags_;
    if (looking_at("?=") || looking_at("?!") || looking_at("?<=") || looking_at("?<!")) {
      const std::size_t width = text_[at_ + 1] == '<' ? 3 : 2;
      fail(begin, at_ + width, "look-around, including look-ahead and look-behind, is not supported");
    }
    repeatable_ = false;
    if (looking_at("?P<") || looking_at("?<")) {
      at_ += text_[at_ + 1] == 'P' ? std::size_t{3} : std::size_t{2};
      group_name();
    } else if (take('?') && !group_flags(begin)) {
      return;  // "(?i)" applies to the rest of the enclosing group.
    }
    groups_.push_back({{begin, begin + 1}, outer});
    require_depth(begin, groups_.size());
  }

  void require_depth(std::size_t begin, std::size_t depth) const {
    if (depth <= max_depth) return;
    fail(begin, begin + 1,
         "exceeded the maximum number of nested parentheses/brackets (" + std::to_string(max_depth) + ")");
  }

  void close_group() {
    if (groups_.empty()) fail(at_, at_ + 1, "unopened group");
    flags_ = groups_.back().outer;
    groups_.pop_back();
    ++at_;
    repeatable_ = true;
  }

  void group_name() {
    const auto begin = at_;
    while (!at_end() && peek() != '>') {
      const char c = peek();
      const bool first = at_ == begin;
      const bool valid = core::is_alpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80 ||
                         (!first && (core::is_digit(c) || is_one_of(c, ".[]")));
      if (!valid) fail(at_, at_ + 1, "invalid capture group character");
      ++at_;
    }
    if (at_end()) fail(begin, at_, "unclosed capture group name");
    if (at_ == begin) fail(at_, at_ + 1, "empty capture group name");
    if (!names_.insert(std::string(text_.substr(begin, at_ - begin))).second) {
      fail(begin, at_, "duplicate capture group name");
    }
    ++at_;
  }

  /// Reads the flags after "(?". Returns true if a group follows, as in "(?i:", and false for "(?i)".
  bool group_flags(std::size_t group) {
    const auto begin = at_;
    bool on = true;
    std::string seen;
    Flags flags = flags_;
    for (; !at_end() && peek() != ':' && peek() != ')'; ++at_) {
      const char c = peek();
      if (c == '-') {
        if (!on) fail(at_, at_ + 1, "flag negation operator repeated");
        on = false;
        continue;
      }
      if (!is_one_of(c, "imsUuxR")) fail(at_, at_ + width_at(at_), "unrecognized flag");
      if (is_one_of(c, seen)) fail(at_, at_ + 1, "duplicate flag");
      seen += c;
      if (c == 'x') flags.verbose = on;
      if (c == 'u') flags.unicode = on;
    }
    if (at_end()) fail(group, group + 1, "unclosed group");
    if (!on && text_[at_ - 1] == '-') fail(at_ - 1, at_, "dangling flag negation operator");
    const bool alone = peek() == ')';
    if (alone && at_ == begin) fail(at_ - 1, at_, "repetition operator missing expression");
    ++at_;
    flags_ = flags;
    return !alone;
  }

  void repetition(std::size_t begin) {
    if (!repeatable_) fail(begin, begin + 1, "repetition operator missing expression");
    take('?');
  }

  void counted_repetition() {
    const auto begin = at_++;
    if (!repeatable_) fail(begin, begin + 1, "repetition operator missing expression");
    const auto low = count();
    std::optional<std::uint64_t> high = low;
    if (at_end()) fail(begin, at_, "unclosed counted repetition");
    if (take(',')) high = count();
    if (at_end()) fail(begin, at_, "unclosed counted repetition");
    if (!low && !high) fail(at_, at_ + 1, "repetition quantifier expects a valid decimal");
    if (!take('}')) fail(begin, at_, "unclosed counted repetition");
    if (low && high && *low > *high) {
      fail(begin, at_, "invalid repetition count range, the start must be <= the end");
    }
    take('?');
  }

  /// Reads "[...]", including nested classes. If the end is missing, the error is at the outermost bracket.
  void character_class() {
    const auto begin = at_++;
    require_depth(begin, ++class_depth_);
    if (take('^')) require_unicode();
    // Hyphens and a closing bracket are literals at the beginning of a class.
    while (take('-')) {
    }
    if (take(']')) {
    }
    for (;;) {
      if (at_end()) fail(begin, begin + 1, "unclosed character class");
      if (take(']')) {
        --class_depth_;
        return;
      }
      if (peek() == '[') {
        if (!posix_class()) character_class();
      } else if (looking_at("&&") || looking_at("--") || looking_at("~~")) {
        at_ += 2;
      } else {
        class_range();
      }
    }
  }

  /// Reads a class such as "[:alpha:]". Any other bracket opens a nested class.
  bool posix_class() {
    if (!looking_at("[:")) return false;
    const auto end = text_.find(":]", at_ + 2);
    if (end == std::string_view::npos) return false;
    auto name = text_.substr(at_ + 2, end - at_ - 2);
    if (!name.empty() && name.front() == '^') name.remove_prefix(1);
    constexpr std::string_view names[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                          "lower", "print", "punct", "space", "upper", "word",  "xdigit"};
    if (std::find(std::begin(names), std::end(names), name) == std::end(names)) return false;
    at_ = end + 2;
    return true;
  }

  void class_range() {
    const auto begin = at_;
    const auto low = class_item();
    if (peek() != '-' || at_ + 1 >= text_.size() || text_[at_ + 1] == ']' || looking_at("--")) return;
    ++at_;
    const auto upper = at_;
    const auto high = class_item();
    if (!low) fail(begin, upper - 1, "invalid range boundary, must be a literal");
    if (!high) fail(upper, at_, "invalid range boundary, must be a literal");
    if (*low > *high) fail(begin, at_, "invalid character class range, the start must be <= the end");
  }

  /// Returns the code point of a literal, or nothing for a class such as \d.
  std::optional<std::uint32_t> class_item() {
    if (peek() == '\\') return escape(true);
    return literal();
  }

  std::optional<std::uint32_t> escape(bool in_class) {
    const auto begin = at_++;
    if (at_end()) fail(begin, at_, "incomplete escape sequence, reached end of pattern prematurely");
    const char c = peek();
    if (core::is_digit(c)) fail(begin, at_ + 1, "backreferences are not supported");
    if (is_one_of(c, "xuU")) return hex_escape(begin);
    if (is_one_of(c, "pP")) {
      property(begin);
      return std::nullopt;
    }
    if (is_one_of(c, "dswDSW")) {
      if (is_one_of(c, "DSW")) require_unicode();
      ++at_;
      return std::nullopt;
    }
    if (!in_class && is_one_of(c, "AzbB<>")) {
      if (c == 'B') require_unicode();
      ++at_;
      if (c == 'b' && peek() == '{') word_boundary(begin);
      return std::nullopt;
    }
    if (const auto control = std::string_view("aftnrv").find(c); control != std::string_view::npos) {
      ++at_;
      return static_cast<std::uint32_t>("\a\f\t\n\r\v"[control]);
    }
    // ASCII punctuation can always be escaped. Letters, digits, "<" and ">" are reserved for special
    // meanings.
    const bool punctuation = static_cast<unsigned char>(c) < 0x80 && c > ' ' && c != '\x7f' &&
                             !core::is_alpha(c) && !core::is_digit(c) && c != '<' && c != '>';
    if (!punctuation && !(flags_.verbose && c == ' ')) {
      fail(begin, at_ + width_at(at_), "unrecognized escape sequence");
    }
    ++at_;
    return static_cast<std::uint32_t>(c);
  }

  void word_boundary(std::size_t begin) {
    for (const std::string_view kind : {"{start}", "{end}", "{start-half}", "{end-half}"}) {
      if (!looking_at(kind)) continue;
      at_ += kind.size();
      return;
    }
    // "\b{3}" repeats the boundary. Anything else is an invalid name.
    if (at_ + 1 < text_.size() && !core::is_digit(text_[at_ + 1])) {
      fail(begin, at_ + 1, "special word boundary assertion is unclosed or has an invalid name");
    }
  }

  std::uint32_t hex_escape(std::size_t begin) {
    const char kind = text_[at_++];
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
    std::uint64_t code = 0;
    const bool braced = take('{');
    const auto first = at_;
    while (!at_end() && (braced ? peek() != '}' : at_ - first < digits)) {
      const int digit = core::hex_digit(peek());
      if (digit < 0) fail(at_, at_ + width_at(at_), "invalid hexadecimal digit");
      code = std::min<std::uint64_t>(code * 16 + static_cast<std::uint64_t>(digit), 0x110000);
      ++at_;
    }
    if (at_end() && (braced || at_ - first < digits)) {
      fail(begin, at_, "incomplete escape sequence, reached end of pattern prematurely");
    }
    if (braced && at_ == first) fail(first - 1, at_ + 1, "hexadecimal literal empty");
    if (braced) ++at_;
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      fail(first, at_, "hexadecimal literal is not a Unicode scalar value");
    }
    if (code >= 0x80 && code <= 0xFF) require_unicode();
    return static_cast<std::uint32_t>(code);
  }

  void property(std::size_t begin) {
    ++at_;
    if (at_end()) fail(begin, at_, "incomplete escape sequence, reached end of pattern prematurely");
    if (!flags_.unicode) fail(begin, at_ + 1, "Unicode not allowed here");
    if (!take('{')) {
      if (!is_one_of(peek(), "LMNPSZC")) fail(begin, at_ + width_at(at_), "Unicode property not found");
      ++at_;
      return;
    }
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) {
      fail(begin, text_.size(), "incomplete escape sequence, reached end of pattern prematurely");
    }
    if (end == at_) fail(begin, end + 1, "Unicode property not found");
    at_ = end + 1;
  }

  static constexpr std::size_t max_depth = 250;  // The limit of the Rust crate.

  std::size_t class_depth_ = 0;
  bool repeatable_ = false;
  Flags flags_;
  std::vector<Group> groups_;
  std::set<std::string> names_;
};

std::string describe(std::string_view pattern, const PatternFault& fault) {
  const auto before = core::code_points(pattern.substr(0, fault.span.begin));
  const auto end = std::min(fault.span.end, pattern.size());
  const auto length = fault.span.begin < end
                          ? core::code_points(pattern.substr(fault.span.begin, end - fault.span.begin))
                          : 1;
  return "Regex syntax errror: regex parse error:\n    " + std::string(pattern) + "\n    " +
         std::string(before, ' ') + std::string(length, '^') + "\nerror: " + fault.text;
}

}  // namespace

std::string regex_fault(std::string_view pattern) {
  try {
    Checker(pattern).check();
  } catch (const PatternFault& fault) {
    return describe(pattern, fault);
  } catch (const BytePattern&) {
    return "Byte pattern is not allowed";
  }
  return {};
}

}  // namespace chroma::detail

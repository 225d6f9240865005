#include "types/regex/syntax.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using chroma::detail::regex_fault;

std::string last_line(const std::string& text) {
  return text.substr(text.find_last_of('\n') + 1);
}

TEST(RegexSyntax, TakesWhatTheRegexCrateTakes) {
  for (std::string_view pattern : {"",
                                   "a+b*?c??",
                                   R"(\bAPI\b)",
                                   "(a|b)*",
                                   "(?i)abc",
                                   "(?i:a)(?-s:b)",
                                   "(?P<name>a)(?<other>b)",
                                   "[a-z&&[^aeiou]]",
                                   "[[:alpha:]_-]",
                                   "[]a]",
                                   "[^]a]",
                                   "[a-]",
                                   R"(\p{Greek}\pL\PN)",
                                   R"(\x41\x{1F600}\u00e9\U0001F600)",
                                   "a{2}",
                                   "a{2,}",
                                   "a{2,3}?",
                                   R"(\d\s\w\D\S\W)",
                                   "é+😀",
                                   "^$",
                                   R"(\A\z)",
                                   "(?x) a b # c",
                                   "(?x)[ a ]",
                                   "a||b",
                                   "()",
                                   R"(\.\+\*\?\(\)\|\[\]\{\}\^\$\#\&\-\~)",
                                   R"(\b{start}a\b{end})",
                                   "(?-u)a",
                                   R"((?-u:\w))"}) {
    EXPECT_EQ(regex_fault(pattern), "") << pattern;
  }
}

TEST(RegexSyntax, HasTheErrorTextsOfTheCrate) {
  EXPECT_EQ(regex_fault("("), "Regex syntax errror: regex parse error:\n    (\n    ^\nerror: unclosed group");
  EXPECT_EQ(last_line(regex_fault(")")), "error: unopened group");
  EXPECT_EQ(last_line(regex_fault("[")), "error: unclosed character class");
  EXPECT_EQ(last_line(regex_fault("*")), "error: repetition operator missing expression");
  EXPECT_EQ(last_line(regex_fault("(?=a)")),
            "error: look-around, including look-ahead and look-behind, is not supported");
  EXPECT_EQ(last_line(regex_fault("(?<!a)b")),
            "error: look-around, including look-ahead and look-behind, is not supported");
  EXPECT_EQ(last_line(regex_fault(R"((a)\1)")), "error: backreferences are not supported");
  EXPECT_EQ(last_line(regex_fault(R"(\)")),
            "error: incomplete escape sequence, reached end of pattern prematurely");
  EXPECT_EQ(last_line(regex_fault("a{2,1}")),
            "error: invalid repetition count range, the start must be <= the end");
  EXPECT_EQ(last_line(regex_fault("[z-a]")),
            "error: invalid character class range, the start must be <= the end");
  EXPECT_EQ(last_line(regex_fault(R"(\y)")), "error: unrecognized escape sequence");
  EXPECT_EQ(last_line(regex_fault("(?P<a>x)(?P<a>y)")), "error: duplicate capture group name");
}

TEST(RegexSyntax, TheMarkIsBelowTheError) {
  EXPECT_EQ(regex_fault("é(x"),
            "Regex syntax errror: regex parse error:\n    é(x\n     ^\nerror: unclosed group");
}

TEST(RegexSyntax, PatternsOfBytesAreRefused) {
  EXPECT_EQ(regex_fault(R"((?-u)\xFF)"), "Byte pattern is not allowed");
  EXPECT_EQ(regex_fault("(?-u:.)"), "Byte pattern is not allowed");
}

TEST(RegexSyntax, DepthIsBounded) {
  EXPECT_NE(regex_fault(std::string(100'000, '(')), "");
  EXPECT_NE(regex_fault(std::string(100'000, '[')), "");
}

}  // namespace

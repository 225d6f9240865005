// P and PD: filters that are parsed from JSON and printed again, or refused.
#include "codec/codec.hpp"
#include "golden/golden.hpp"
#include "types/where_json.hpp"

#include <chroma/where.hpp>

#include <gtest/gtest.h>

namespace golden::where_parser_cases {
namespace {

using namespace chroma;

std::string in_quotes(const std::string& text) {
  const auto begin = text.find('`') + 1;
  return text.substr(begin, text.find('`', begin) - begin);
}

/// "\\n" in the notation stands for a line feed.
std::string with_line_feeds(std::string text) {
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) text.replace(at, 2, "\n");
  return text;
}

template <class Parse>
void check_parse(const golden::Case& one, Parse parse) {
  const auto input = in_quotes(one.text);
  std::string printed;
  const auto outcome = golden::outcome([&] { printed = parse(input); });
  if (one.expect.rfind("ERR ", 0) == 0) {
    golden::expect_error(outcome, with_line_feeds(one.expect));
    // Differs from the crate: the error has the position of the fault.
    EXPECT_NE(outcome.find("at byte "), std::string::npos) << outcome;
    return;
  }
  ASSERT_EQ(outcome, "OK");
  if (one.expect == "NONE") {
    EXPECT_EQ(printed, "NONE");
  } else {
    golden::expect_json(printed, one.expect.substr(3));
  }
}

std::string parse_optional(const std::string& input) {
  const auto where = json::decode<std::optional<Where>>(input);
  return where ? where->to_json() : "NONE";
}

void check(const golden::Case& one) {
  check_parse(one, [&](const std::string& input) {
    // "No filter" occurs only for members that may be null; a clause itself is an object.
    return one.expect == "NONE" ? parse_optional(input) : Where::parse(input).to_json();
  });
}

void check_document(const golden::Case& one) {
  if (one.id == "PD10") {
    const auto both = Where::parse(R"({"a":1})") & Where::parse_document(R"({"$contains":"x"})");
    golden::expect_json(both.to_json(), one.expect);
    return;
  }
  check_parse(one, [](const std::string& input) { return Where::parse_document(input).to_json(); });
}

const bool registered = golden::add_section("P", "WhereParser", check) &&
                        golden::add_section("PD", "WhereDocumentParser", check_document);

}  // namespace
}  // namespace golden::where_parser_cases

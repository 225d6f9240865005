// Text from a server in logs and errors.
#include "core/display_text.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace chroma::test {
namespace {

TEST(DisplayText, KeepsTextAndReplacesControlsAndInvalidBytes) {
  EXPECT_EQ(core::display_text("plain, d\xC3\xA9j\xC3\xA0, \xE6\x97\xA5\xE6\x9C\xAC, \xF0\x9F\x98\x80"),
            "plain, d\xC3\xA9j\xC3\xA0, \xE6\x97\xA5\xE6\x9C\xAC, \xF0\x9F\x98\x80");
  EXPECT_EQ(core::display_text("a\nb\r\tc\x7F\x1B[31m"),
            "a?b?"
            "?c?"
            "?[31m");
  EXPECT_EQ(core::display_text(std::string("a\0b", 3)), "a?b");
  EXPECT_EQ(core::display_text("\xFF\xC3(\xE6\x97"),
            "?"
            "?(?"
            "?");
  EXPECT_EQ(core::display_text("next\xC2\x85line, \xE2\x80\xA8 and \xE2\x80\xA9"), "next?line, ? and ?");
}

TEST(DisplayText, IsBoundedAndCutBetweenCharacters) {
  EXPECT_EQ(core::display_text("abcdef", 6), "abcdef");
  EXPECT_EQ(core::display_text("abcdefg", 6), "abcdef...");
  EXPECT_EQ(core::display_text("abc\xE6\x97\xA5", 5), "abc...");
  EXPECT_EQ(core::display_text("\xFF\xFF\xFF", 2),
            "?"
            "?...");
}

TEST(DisplayText, AnErrorsTextIsOneBoundedLine) {
  ApiError api;
  api.status = 500;
  api.name = "Evil";
  api.message = "first\n2026-01-01 [error] forged line\n" + std::string(10'000, 'x');
  const ChromaHttpClientError error(api, "heartbeat");
  const std::string text = error.what();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_LT(text.size(), 5'000U);
  EXPECT_EQ(error.get_if<ApiError>()->message, api.message);
}

TEST(DisplayText, ATextWithNamesThatAServerHasRecordedIsABoundedLine) {
  const std::string name = "a\n\xFF" + std::string(10'000, 'x');
  const ChromaHttpClientError error(EmbeddingFunctionError{"no function \"" + name + "\" is registered"});
  const std::string text = error.what();
  EXPECT_NE(text.find("a??x"), std::string::npos);
  EXPECT_LT(text.size(), 5'000U);
}

}  // namespace
}  // namespace chroma::test

#include "core/utf8.hpp"

#include <gtest/gtest.h>

namespace {

using chroma::core::is_valid_utf8;

TEST(Utf8, AcceptsWellFormedUtf8) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("plain"));
  EXPECT_TRUE(is_valid_utf8("é€😀"));
  EXPECT_TRUE(is_valid_utf8("\xF4\x8F\xBF\xBF"));
}

TEST(Utf8, RefusesInvalidUtf8) {
  for (std::string_view text : {"\x80", "\xC0\x80", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                "\xFE", "a long text of plain letters and then \xFF"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

}  // namespace

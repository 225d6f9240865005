#include "embed/bm25/words.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using chroma::embed::bm25::Words;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> all;
  Words words(text);
  for (std::string word; words.next(word);) all.push_back(word);
  return all;
}
using List = std::vector<std::string>;

TEST(Words, AreRunsOfLettersNumbersAndUnderscores) {
  EXPECT_EQ(words_of("Hello, World_2! foo-bar"), (List{"hello", "world_2", "foo", "bar"}));
  EXPECT_EQ(words_of("naïve café"), (List{"naïve", "café"}));
  EXPECT_EQ(words_of("日本語、テキスト"), (List{"日本語", "テキスト"}));
  EXPECT_EQ(words_of("½ Ⅷ ① ٣"), (List{"½", "ⅷ", "①", "٣"}));
  EXPECT_EQ(words_of("a😀b a\u200Db x\u00ADy"), (List{"a", "b", "a", "b", "x", "y"}));
}

TEST(Words, KeepCombiningMarksThatAreAlphabetic) {
  EXPECT_EQ(words_of("हिन्दी"), (List{"हिन", "दी"}));  // The virama is not alphabetic.
  EXPECT_EQ(words_of("cafe\u0301"), (List{"cafe"}));  // Nor is the accent.
}

TEST(Words, AreSeparatedByWhiteSpaceOfAnyKind) {
  EXPECT_EQ(words_of("a\u00A0b\u2003c\u3000d\u2028e\u0085f\tg\x1Ch"),
            (List{"a", "b", "c", "d", "e", "f", "g", "h"}));
}

TEST(Words, AreLowerCasedInFull) {
  EXPECT_EQ(words_of("ΑΣΟΣ Σ ΣΑΣ."), (List{"ασος", "σ", "σας"}));  // Final sigma.
  EXPECT_EQ(words_of("İSTANBUL"), (List{"i\u0307stanbul"}));
  EXPECT_EQ(words_of("Straße ẞ"), (List{"straße", "ß"}));
  EXPECT_EQ(words_of("ȺȾ"), (List{"ⱥⱦ"}));  // Longer in lower case.
}

TEST(Words, EndAtBytesThatAreNotUtf8) {
  EXPECT_EQ(words_of("ab\xFF"
                     "cd\xE6\x97"),
            (List{"ab", "cd"}));
  EXPECT_EQ(words_of("é\xC3"), (List{"é"}));
  EXPECT_EQ(words_of("x\xED\xA0\x80y"), (List{"x", "y"}));  // A surrogate.
}

TEST(Words, MayBeNone) {
  EXPECT_EQ(words_of(""), List());
  EXPECT_EQ(words_of(" .,\n\u3000"), List());
}

TEST(Words, PassOverZeroBytes) {
  EXPECT_EQ(words_of(std::string_view("a\0b", 3)), (List{"a", "b"}));
}

}  // namespace

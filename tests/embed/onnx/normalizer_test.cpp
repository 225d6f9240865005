#include "embed/onnx/normalizer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using List = std::vector<std::string>;

List words_of(std::string_view text) {
  List words;
  chroma::embed::onnx::Normalizer normalizer([&](const std::string& word) {
    words.push_back(word);
    return true;
  });
  EXPECT_TRUE(normalizer.normalize(text));
  return words;
}

TEST(Normalizer, SplitsAtWhiteSpace) {
  EXPECT_EQ(words_of("one\ttwo\nthree\r\nfour  five"), (List{"one", "two", "three", "four", "five"}));
  EXPECT_EQ(words_of("a\u00A0b\u2003c\u3000d\u2028e"), (List{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(words_of(""), List());
  EXPECT_EQ(words_of(" \t\n"), List());
}

TEST(Normalizer, PunctuationStandsAlone) {
  EXPECT_EQ(words_of("don't! (v1.2)"), (List{"don", "'", "t", "!", "(", "v1", ".", "2", ")"}));
  EXPECT_EQ(words_of("a$b+c<d=e>f^g`h|i~j"), (List{"a", "$", "b", "+", "c", "<", "d", "=", "e", ">", "f", "^",
                                                   "g", "`", "h", "|", "i", "~", "j"}));
  EXPECT_EQ(words_of("“a”—b…"), (List{"“", "a", "”", "—", "b", "…"}));
  EXPECT_EQ(words_of("5€ ©x"), (List{"5€", "©x"}));  // Symbols beyond ASCII do not.
}

TEST(Normalizer, ControlCharactersAreDropped) {
  EXPECT_EQ(words_of(std::string_view("a\0b\x01"
                                      "c\x7F"
                                      "d",
                                      7)),
            (List{"abcd"}));
  EXPECT_EQ(words_of("zero\u200Bwidth soft\u00ADhyphen a\uFEFFb c\uE000d"),
            (List{"zerowidth", "softhyphen", "ab", "cd"}));
  EXPECT_EQ(words_of("a\x0B"
                     "b\u0085c"),
            (List{"abc"}));  // White space, but controls before that.
  EXPECT_EQ(words_of("a\uFFFDb"), (List{"ab"}));
}

TEST(Normalizer, BytesThatAreNotUtf8AreDropped) {
  EXPECT_EQ(words_of("a\xFF"
                     "b\xC3"),
            (List{"ab"}));
  EXPECT_EQ(words_of("a\xED\xA0\x80"
                     "b"),
            (List{"ab"}));
}

TEST(Normalizer, AccentsAreRemovedAndLettersLowerCased) {
  EXPECT_EQ(words_of("Café naïve ÜNÏCÖDÉ"), (List{"cafe", "naive", "unicode"}));
  EXPECT_EQ(words_of("cafe\u0301 \u1E08\u0323"), (List{"cafe", "c"}));
  EXPECT_EQ(words_of("İstanbul ISIK ışık"), (List{"istanbul", "isik", "ısık"}));
  EXPECT_EQ(words_of("ΑΣΟΣ"), (List{"ασοσ"}));  // No final sigma.
  EXPECT_EQ(words_of("Straße ẞ"), (List{"straße", "ß"}));
  EXPECT_EQ(words_of("\u212B \u2126"), (List{"a", "ω"}));
}

TEST(Normalizer, DecompositionMayMakePunctuation) {
  EXPECT_EQ(words_of("a\u037Eb"), (List{"a", ";", "b"}));
  EXPECT_EQ(words_of("a\u1FEFb"), (List{"a", "`", "b"}));
}

TEST(Normalizer, IdeographsStandAlone) {
  EXPECT_EQ(words_of("日本x語"), (List{"日", "本", "x", "語"}));
  EXPECT_EQ(words_of("\uF900 \U0002F800"), (List{"豈", "丽"}));
  EXPECT_EQ(words_of("ab\U0002B820cd"), (List{"ab\U0002B820cd"}));  // A block that the reference leaves out.
}

TEST(Normalizer, KanaAndHangulStayTogether) {
  EXPECT_EQ(words_of("テキスト"), (List{"テキスト"}));
  EXPECT_EQ(words_of("が か\u3099"), (List{"か", "か"}));
  EXPECT_EQ(words_of("한"), (List{"\u1112\u1161\u11AB"}));
}

TEST(Normalizer, IndicAndSemiticMarksOfCategoryMnAreRemoved) {
  EXPECT_EQ(words_of("हिन्दी"), (List{"हिनदी"}));
  EXPECT_EQ(words_of("שָׁלוֹם"), (List{"שלום"}));
}

TEST(Normalizer, CharactersYoungerThanUnicode8AreLetters) {
  EXPECT_EQ(words_of("a\u1DF6b"), (List{"a\u1DF6b"}));                         // A mark of Unicode 10.
  EXPECT_EQ(words_of("a\u2E43b"), (List{"a\u2E43b"}));                         // Punctuation of Unicode 9.
  EXPECT_EQ(words_of("a\u1DF5b a\u2E42b"), (List{"ab", "a", "\u2E42", "b"}));  // Their older neighbours.
}

TEST(Normalizer, EndsWhenItIsTold) {
  List words;
  chroma::embed::onnx::Normalizer normalizer([&](const std::string& word) {
    words.push_back(word);
    return words.size() < 2;
  });
  EXPECT_FALSE(normalizer.normalize("a b c"));
  EXPECT_EQ(words, (List{"a", "b"}));
}

}  // namespace

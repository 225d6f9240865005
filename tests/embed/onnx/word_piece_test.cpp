#include "embed/onnx/word_piece.hpp"

#include "embed/failures.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace chroma::embed::onnx;
using chroma::test::embedding_error_of;
namespace fs = std::filesystem;

const std::vector<std::pair<std::string, std::int32_t>> pieces = {
    {"[PAD]", 0},  {"[UNK]", 1}, {"[CLS]", 2}, {"[SEP]", 3}, {"[MASK]", 4}, {"un", 5},   {"##aff", 6},
    {"##able", 7}, {"hello", 8}, {"##a", 9},   {"a", 10},    {"日", 11},    {"##é", 12}, {"!", 13}};

TokenIds ids_of(std::string_view text, std::size_t limit = 256) {
  return WordPieceTokenizer(Vocabulary(pieces)).encode(text, limit);
}

TEST(WordPiece, TakesTheLongestPieceFirst) {
  EXPECT_EQ(ids_of("unaffable"), (TokenIds{2, 5, 6, 7, 3}));
  EXPECT_EQ(ids_of("Hello aaa!"), (TokenIds{2, 8, 10, 9, 9, 13, 3}));
  EXPECT_EQ(ids_of(""), (TokenIds{2, 3}));
}

TEST(WordPiece, AWordThatCannotBePutTogetherIsOneUnknownPiece) {
  EXPECT_EQ(ids_of("unaffabl"), (TokenIds{2, 1, 3}));
  EXPECT_EQ(ids_of("x 日 本"), (TokenIds{2, 1, 11, 1, 3}));
}

TEST(WordPiece, AWordOfMoreThanAHundredCharactersIsUnknown) {
  EXPECT_EQ(ids_of(std::string(100, 'a')).size(), 102U);
  EXPECT_EQ(ids_of(std::string(101, 'a')), (TokenIds{2, 1, 3}));
}

TEST(WordPiece, SpecialPiecesAreFoundInTheRawText) {
  EXPECT_EQ(ids_of("a[SEP]a"), (TokenIds{2, 10, 3, 10, 3}));
  EXPECT_EQ(ids_of("[MASK][PAD] [UNK]"), (TokenIds{2, 4, 0, 1, 3}));
  EXPECT_EQ(ids_of("[sep]"), (TokenIds{2, 1, 1, 1, 3}));
  EXPECT_EQ(ids_of("[[CLS]"), (TokenIds{2, 1, 2, 3}));
  EXPECT_EQ(ids_of("[CLS"), (TokenIds{2, 1, 1, 3}));
}

TEST(WordPiece, IsCutAtTheLimit) {
  EXPECT_EQ(ids_of("a a a a a", 5), (TokenIds{2, 10, 10, 10, 3}));
  EXPECT_EQ(ids_of("a unaffable", 5), (TokenIds{2, 10, 5, 6, 3}));
  EXPECT_EQ(ids_of("[MASK][MASK][MASK]", 4), (TokenIds{2, 4, 4, 3}));
  EXPECT_EQ(ids_of("a a", 2), (TokenIds{2, 3}));
}

class VocabularyFile : public testing::Test {
 protected:
  VocabularyFile() { fs::create_directories(folder_); }
  ~VocabularyFile() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path write(const char* name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  [[nodiscard]] std::string failure(const fs::path& file) const {
    return embedding_error_of([&] { (void)Vocabulary::read(file); }).message;
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(VocabularyFile, MayBeLinesOfText) {
  const auto vocabulary = Vocabulary::read(write("vocab.txt", "[UNK]\n[CLS]\r\n[SEP]\n##x\n"));
  EXPECT_EQ(vocabulary.begin_of_text(), 1);
  EXPECT_EQ(vocabulary.find("x", false), 3);
  EXPECT_EQ(vocabulary.find("x", true), std::nullopt);
}

TEST_F(VocabularyFile, MayBeOfTheLibraryTokenizers) {
  const auto vocabulary =
      Vocabulary::read(write("tokenizer.json", R"({"version":"1.0","added_tokens":[{"id":0}],
      "model":{"type":"WordPiece","vocab":{"[UNK]":7,"[CLS]":1,"[SEP]":2,"##\u00e9":4},"x":null},"post":{}})"));
  EXPECT_EQ(vocabulary.unknown(), 7);
  EXPECT_EQ(vocabulary.find("é", false), 4);
}

TEST_F(VocabularyFile, IsNamedInErrors) {
  const auto file = write("tokenizer.json", R"({"model":{"vocab":{"[CLS]":"x"}}})");
  EXPECT_NE(failure(file).find(file.string()), std::string::npos) << failure(file);
  EXPECT_NE(failure(file).find("/model/vocab/"), std::string::npos) << failure(file);
  EXPECT_NE(failure(folder_ / "absent.txt").find("absent.txt: the file cannot be read"), std::string::npos);
}

TEST_F(VocabularyFile, OfAnotherModelIsRefused) {
  EXPECT_NE(
      failure(write("tokenizer.json", R"({"model":{"type":"Unigram","vocab":[["<s>",0.0]]}})")).find("[CLS]"),
      std::string::npos);
  EXPECT_NE(failure(write("vocab.txt", "")).find("[CLS]"), std::string::npos);
}

}  // namespace

#include "embed/onnx/vocabulary.hpp"

#include "embed/onnx/fail.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace chroma::embed::onnx {
namespace {

using Pieces = std::vector<std::pair<std::string, std::int32_t>>;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.bad()) fail("the file cannot be read");  // An empty file sets the failbit of `text`.
  return std::move(text).str();
}

Pieces pieces_of_lines(std::string_view text) {
  Pieces pieces;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    pieces.emplace_back(line, static_cast<std::int32_t>(pieces.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

// {"model":{"vocab":{piece:id,...},...},...}
Pieces pieces_of_tokenizer(std::string_view text) {
  Pieces pieces;
  json::Reader in(text);
  const auto read_piece = [&](std::string_view piece) {
    std::string name(piece);
    pieces.emplace_back(std::move(name), in.int32());
    return true;
  };
  const auto read_vocabulary = [&](std::string_view key) {
    if (key != "vocab" || in.peek() != json::Reader::Kind::object) return false;
    json::read_object(in, read_piece);
    return true;
  };
  json::read_object(in, [&](std::string_view key) {
    if (key != "model") return false;
    json::read_object(in, read_vocabulary);
    return true;
  });
  in.finish();
  return pieces;
}

}  // namespace

Vocabulary::Vocabulary(const Pieces& pieces) {
  first_.reserve(pieces.size());
  for (const auto& [piece, id] : pieces) {
    const bool is_later = piece.starts_with("##");
    const auto text = is_later ? piece.substr(2) : piece;
    longest_ = std::max(longest_, text.size());
    (is_later ? later_ : first_).insert_or_assign(text, id);
  }
  begin_of_text_ = require("[CLS]");
  end_of_text_ = require("[SEP]");
  unknown_ = require("[UNK]");
}

Vocabulary Vocabulary::read(const std::filesystem::path& file) {
  try {
    const auto text = read_file(file);
    return Vocabulary(file.extension() == ".json" ? pieces_of_tokenizer(text) : pieces_of_lines(text));
  } catch (const ChromaHttpClientError& error) {
    const auto* embedding = error.get_if<EmbeddingFunctionError>();
    fail(file.string() + ": " + (embedding != nullptr ? embedding->message : error.what()));
  }
}

std::int32_t Vocabulary::require(std::string_view piece) const {
  const auto id = find(piece, true);
  if (!id) fail("this is not the vocabulary of a BERT model: it has no piece " + std::string(piece));
  return *id;
}

std::optional<std::int32_t> Vocabulary::find(std::string_view piece, bool begins_word) const {
  const auto& ids = begins_word ? first_ : later_;
  const auto found = ids.find(piece);
  if (found == ids.end()) return std::nullopt;
  return found->second;
}

}  // namespace chroma::embed::onnx

#pragma once

// What import_jsonl and export_jsonl share: files of lines, and a record as a line.

#include <chroma/chroma.hpp>
#include <chroma/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

/// A text file, or standard input or output for "-". A file that is written is compressed if its name ends in
/// ".gz". A file that is read may be compressed whatever its name is.
class LineFile {
 public:
  enum class Mode { Read, Write, Append };

  LineFile(const std::string& path, Mode mode) : path_(path) {
    const bool compress = path.ends_with(".gz");
    std::string how = mode == Mode::Read ? "rb" : mode == Mode::Write ? "wb" : "ab";
    if (mode != Mode::Read) how += compress ? "6" : "T";
    const int descriptor = mode == Mode::Read ? 0 : 1;
    file_ = path == "-" ? gzdopen(descriptor, how.c_str()) : gzopen(path.c_str(), how.c_str());
    if (file_ == nullptr) throw std::runtime_error("cannot open " + path);
    gzbuffer(file_, 1 << 18);
  }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile() {
    if (file_ != nullptr) gzclose(file_);
  }

  /// The next line without its end; nothing at the end of the file.
  std::optional<std::string> read() {
    std::string line;
    while (!unread_.empty() || fill()) {
      const auto end = unread_.find('\n');
      line += unread_.substr(0, end);
      unread_.remove_prefix(end == unread_.npos ? unread_.size() : end + 1);
      if (end != unread_.npos) return line;
    }
    if (line.empty()) return std::nullopt;
    return line;
  }
  void write(std::string line) {
    line += '\n';
    if (gzwrite(file_, line.data(), static_cast<unsigned>(line.size())) <= 0) fail();
  }
  /// Passes buffered lines to the operating system. @throws std::runtime_error if they cannot be written
  void flush() {
    if (gzflush(file_, Z_SYNC_FLUSH) != Z_OK) fail();
  }
  /// Writes buffered lines. @throws std::runtime_error if they cannot be written
  void close() {
    if (gzclose(std::exchange(file_, nullptr)) != Z_OK) fail();
  }

 private:
  /// Reads the next part of the file; false at its end. `gzgets` would end a line at a zero byte.
  bool fill() {
    const int count = gzread(file_, buffer_.data(), static_cast<unsigned>(buffer_.size()));
    int code = Z_OK;
    const char* message = gzerror(file_, &code);
    if (count < 0 || (count == 0 && code != Z_OK && code != Z_STREAM_END))
      throw std::runtime_error(path_ + ": " + message);
    unread_ = std::string_view(buffer_.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
  [[noreturn]] void fail() const { throw std::runtime_error("cannot write " + path_); }

  std::string path_;
  gzFile file_ = nullptr;
  std::vector<char> buffer_ = std::vector<char>(1 << 16);
  std::string_view unread_;  // The part of the buffer after the last line.
};

/// A record from the members id, document, uri, metadata, embedding (numbers) or embedding_b64 of a line.
/// "text_chunk" is accepted in place of "document", because another tool writes it.
/// @throws std::exception that says what is wrong
inline chroma::BulkRecord parse_record(const nlohmann::json& line) {
  if (!line.is_object()) throw std::runtime_error("the line is not a JSON object");
  const auto text = [&](const char* key) -> std::optional<std::string> {
    const auto found = line.find(key);
    if (found == line.end() || found->is_null()) return std::nullopt;
    if (!found->is_string()) throw std::runtime_error(std::string(key) + " is not a string");
    return found->get<std::string>();
  };
  chroma::BulkRecord record(text("id").value_or(""));
  if (record.id().empty()) throw std::runtime_error("there is no id");
  record.document(text("document")).uri(text("uri"));
  if (!record.document()) record.document(text("text_chunk"));
  if (line.contains("metadata") && !line["metadata"].is_null()) {
    record.metadata(line["metadata"].get<chroma::UpdateMetadata>());
  }
  for (const char* key : {"embedding", "embedding_b64"}) {
    if (!line.contains(key) || line[key].is_null()) continue;
    const auto rows = nlohmann::json::array({line[key]}).get<chroma::Embeddings>();
    record.embedding(std::vector<float>(rows[0].begin(), rows[0].end()));
  }
  return record;
}

inline nlohmann::json embedding_json(std::span<const float> values) {
  const nlohmann::json rows = chroma::Embeddings::view(values, values.size());
  return rows.at(0);
}

/// A row of a response as a line.
inline nlohmann::json line_of(const chroma::Row& row) {
  nlohmann::json line{{"id", row.id}};
  if (row.document) line["document"] = *row.document;
  if (row.uri) line["uri"] = *row.uri;
  if (row.metadata != nullptr) line["metadata"] = *row.metadata;
  if (row.embedding) line["embedding"] = embedding_json(*row.embedding);
  return line;
}

/// A record as a line, for the file of refused records.
inline nlohmann::json line_of(const chroma::BulkRecord& record) {
  nlohmann::json line{{"id", record.id()}};
  if (record.document()) line["document"] = *record.document();
  if (record.uri()) line["uri"] = *record.uri();
  if (record.metadata()) line["metadata"] = *record.metadata();
  if (record.embedding()) line["embedding"] = embedding_json(*record.embedding());
  return line;
}

#pragma once

// Where import_jsonl reads records: lines of JSON or CSV, and vectors of a NumPy file.

#include "jsonl.hpp"

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <memory>
#include <regex>
#include <vector>

/// The rows of a matrix in a .npy file: 32-bit or 64-bit floats, row after row. The file is mapped into
/// memory.
class NpyFile {
 public:
  explicit NpyFile(const std::string& path)
      : file_(path.c_str(), boost::interprocess::read_only), region_(file_, boost::interprocess::read_only) {
    if (std::endian::native != std::endian::little) fail(path, "can be read on little-endian machines only");
    const std::string_view bytes(static_cast<const char*>(region_.get_address()), region_.get_size());
    if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 12) fail(path, "is not a .npy file");
    const bool is_short = bytes[6] == 1;
    const auto byte = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(bytes[i])); };
    const std::size_t length =
        byte(8) + (byte(9) << 8) + (is_short ? 0 : (byte(10) << 16) + (byte(11) << 24));
    const std::size_t begin = is_short ? 10 : 12;
    if (bytes.size() - begin < length) fail(path, "is truncated");
    const std::string header(bytes.substr(begin, length));
    std::smatch type, shape;
    const std::regex type_pattern("'descr': *'<f([48])'"), shape_pattern(R"('shape': *\((\d+), *(\d+)\))");
    if (!std::regex_search(header, type, type_pattern)) fail(path, "does not hold floats (<f4 or <f8)");
    if (!std::regex_search(header, shape, shape_pattern)) fail(path, "is not a matrix");
    if (header.find("'fortran_order': False") == header.npos) fail(path, "is stored by columns");
    value_size_ = std::stoul(type[1]);
    rows_ = std::stoul(shape[1]);
    width_ = std::stoul(shape[2]);
    values_ = bytes.substr(begin + length);
    if (width_ == 0 || values_.size() / value_size_ / width_ < rows_) fail(path, "is truncated");
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<float> row(std::size_t i) const {
    std::vector<float> result(width_);
    const char* from = values_.data() + i * width_ * value_size_;
    if (value_size_ == sizeof(float)) {
      std::memcpy(result.data(), from, width_ * sizeof(float));
      return result;
    }
    for (std::size_t k = 0; k < width_; ++k) {
      double value = 0;
      std::memcpy(&value, from + k * sizeof value, sizeof value);
      result[k] = static_cast<float>(value);
    }
    return result;
  }

 private:
  [[noreturn]] static void fail(const std::string& path, const char* reason) {
    throw std::runtime_error(path + " " + reason);
  }

  boost::interprocess::file_mapping file_;
  boost::interprocess::mapped_region region_;
  std::string_view values_;
  std::size_t value_size_ = 0;
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
};

/// The fields of a record in CSV (RFC 4180). @throws std::runtime_error for quotes in the wrong place
inline std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ',') {
      fields.emplace_back();
      ++i;
    } else if (line[i] == '"' && fields.back().empty()) {
      for (++i; i < line.size() && (line[i] != '"' || line.substr(i, 2) == "\"\""); ++i) {
        fields.back() += line[i];
        if (line[i] == '"') ++i;
      }
      if (i == line.size()) throw std::runtime_error("a quote is not closed");
      if (++i < line.size() && line[i] != ',') {
        throw std::runtime_error("column " + std::to_string(i + 1) + ": text follows a closing quote");
      }
    } else {
      fields.back() += line[i++];
    }
  }
  return fields;
}

/// A metadata value from a field: a number, true, false, or text.
inline chroma::MetadataValue csv_value(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto read = std::from_chars(text.data(), end, whole);
  if (read.ec == std::errc() && read.ptr == end) return whole;
  try {
    return nlohmann::json::parse(text).get<double>();
  } catch (const nlohmann::json::exception&) {
    return text;
  }
}

/// A record from a CSV line: the columns id, document, uri and embedding (a JSON array), and metadata from
/// all others. An empty field is absent.
inline chroma::BulkRecord csv_record(const std::vector<std::string>& names, std::string_view line) {
  const auto fields = csv_fields(line);
  if (fields.size() != names.size()) {
    throw std::runtime_error("there are " + std::to_string(fields.size()) + " fields; the first line has " +
                             std::to_string(names.size()) + " columns");
  }
  nlohmann::json members = nlohmann::json::object();
  chroma::UpdateMetadata metadata;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (fields[i].empty()) continue;
    if (names[i] == "embedding") {
      members["embedding"] = nlohmann::json::parse(fields[i]);
    } else if (names[i] == "id" || names[i] == "document" || names[i] == "uri") {
      members[names[i]] = fields[i];
    } else {
      metadata[names[i]] = csv_value(fields[i]);
    }
  }
  auto record = parse_record(members);
  if (!metadata.empty()) record.metadata(std::move(metadata));
  return record;
}

/// The records of a file, one after the other.
class Source {
 public:
  struct Item {
    std::uint64_t number = 0;  ///< Of the line, from 1. In CSV of its first line.
    std::uint64_t index = 0;   ///< Of the record, from 0.
    std::string text;
  };

  /// @param vectors a .npy file whose rows are the embeddings of the records; empty: none
  Source(const std::string& path, const std::string& vectors) : file_(path, LineFile::Mode::Read) {
    if (!vectors.empty()) vectors_ = std::make_unique<NpyFile>(vectors);
    is_csv_ = path.ends_with(".csv") || path.ends_with(".csv.gz");
    ahead_ = file_.read();
    if (!ahead_) return;
    if (ahead_->starts_with("\xEF\xBB\xBF")) ahead_->erase(0, 3);  // A byte order mark.
    if (is_csv_) {
      names_ = csv_fields(without_return(*ahead_));
      ahead_ = file_.read();
      ++number_;
      return;
    }
    auto first = nlohmann::json::parse(*ahead_, nullptr, false);
    if (!first.is_object() || !first.contains("chroma_export")) return;
    if (first["chroma_export"] != 1)
      throw std::runtime_error(path + " has a format that this program does not read");
    header = std::move(first);
    ahead_ = file_.read();
    ++number_;
  }

  /// The next record's text; nothing at the end.
  std::optional<Item> next() {
    while (ahead_ && without_return(*ahead_).empty()) advance();
    if (!ahead_) return std::nullopt;
    Item item{number_, index_++, std::move(*ahead_)};
    advance();
    for (bool open = is_csv_ && has_odd_quotes(item.text); open && ahead_; advance()) {
      item.text += '\n' + *ahead_;
      open = !has_odd_quotes(*ahead_);
    }
    return item;
  }

  /// @throws std::exception that says what is wrong with the record
  [[nodiscard]] chroma::BulkRecord parse(const Item& item) const {
    auto record = is_csv_ ? csv_record(names_, without_return(item.text))
                          : parse_record(nlohmann::json::parse(item.text));
    if (vectors_) {
      if (item.index >= vectors_->rows()) throw std::runtime_error("there is no vector for it");
      record.embedding(vectors_->row(item.index));
    }
    record.position(item.number);
    return record;
  }

  /// How many records there will be; nothing if that is not known.
  [[nodiscard]] std::optional<std::uint64_t> count() const {
    if (vectors_) return vectors_->rows();
    if (header.contains("count")) return header["count"].get<std::uint64_t>();
    return std::nullopt;
  }

  nlohmann::json header = nlohmann::json::object();

 private:
  static std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  static bool has_odd_quotes(const std::string& line) {
    return std::count(line.begin(), line.end(), '"') % 2 != 0;
  }
  void advance() {
    ahead_ = file_.read();
    ++number_;
  }

  LineFile file_;
  std::unique_ptr<NpyFile> vectors_;
  bool is_csv_ = false;
  std::vector<std::string> names_;
  std::optional<std::string> ahead_;
  std::uint64_t number_ = 1;
  std::uint64_t index_ = 0;
};

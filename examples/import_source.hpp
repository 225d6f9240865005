#pragma once

// Where import_jsonl reads records: lines of JSON or CSV, and vectors of a NumPy file.

#include "csv.hpp"
#include "jsonl.hpp"
#include "line_file.hpp"
#include "npy_file.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

/// The records of a file, one after the other.
class Source {
 public:
  struct Item {
    std::uint64_t number = 0;  ///< Of the line, from 1. In CSV of its first line.
    std::uint64_t index = 0;   ///< Of the record, from 0.
    std::string text;
    std::string fault;             ///< Why the record cannot be read; empty if it can.
    std::vector<CsvField> fields;  ///< Of a record in CSV.
  };

  /// @param vectors a .npy file whose rows are the embeddings of the records; empty: none
  Source(const std::string& path, const std::string& vectors)
      : path_(path),
        file_(path, LineFile::Mode::Read),
        is_csv_(path.ends_with(".csv") || path.ends_with(".csv.gz")) {
    if (!vectors.empty()) vectors_ = std::make_unique<NpyFile>(vectors);
    auto first = read_line();
    if (!first) return;
    add_to_beginning(*first);
    if (first->starts_with("\xEF\xBB\xBF")) first->erase(0, 3);  // A byte order mark.
    if (is_csv_) {
      unread(std::move(*first));
      read_names();
    } else if (!read_header(*first)) {
      unread(std::move(*first));
      return;
    }
    if (auto second = read_line()) {
      add_to_beginning(*second);
      unread(std::move(*second));
    }
  }

  /// The next record's text; nothing at the end.
  std::optional<Item> next() {
    auto line = read_line();
    while (line && (line->empty() || *line == "\r")) line = read_line();
    if (!line) return std::nullopt;
    Item item;
    item.number = number_ - 1;
    item.index = index_++;
    if (is_csv_) {
      unread(std::move(*line));
      read_csv(item);
    } else {
      item.text = std::move(*line);
      if (item.text.size() > max_record_bytes) item.fault = too_long();
    }
    // Its beginning is enough to find it.
    if (item.text.size() > max_record_bytes) item.text.resize(1000);
    return item;
  }

  /// @throws std::exception that says what is wrong with the record
  [[nodiscard]] chroma::BulkRecord parse(const Item& item) {
    if (!item.fault.empty()) throw std::runtime_error(item.fault);
    const auto note = [&](const std::string& name) {
      if (!unknown_.insert(name).second) return;
      std::cerr << "line " << item.number << ": the member " << name << " is not imported, here and later\n";
    };
    auto record = is_csv_ ? csv_record(names_, item.fields) : parse_line(item.text, note);
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
    return named_count_;
  }

  /// At the end of the file: what is missing in it; empty if nothing is.
  [[nodiscard]] std::string missing() const {
    const auto has = path_ + " has " + std::to_string(index_) + " records";
    if (named_count_ && index_ < *named_count_)
      return has + "; according to its header it had " + std::to_string(*named_count_);
    if (vectors_ && index_ < vectors_->rows())
      return has + "; " + vectors_->path() + " has " + std::to_string(vectors_->rows()) + " rows";
    return {};
  }

  /// Distinguishes the header and the first record from those of other files.
  [[nodiscard]] std::string beginning() const {
    return std::to_string(beginning_size_) + " bytes " + std::to_string(beginning_crc_);
  }

  nlohmann::json header = nlohmann::json::object();

 private:
  /// Takes the header of an export from the first line; false if it is a record.
  bool read_header(const std::string& line) {
    auto first = nlohmann::json::parse(line, nullptr, false);
    if (!first.is_object() || !first.contains("chroma_export")) return false;
    if (first["chroma_export"] != 1)
      throw std::runtime_error(path_ + " has a format that this program does not read");
    const auto name = first.find("name");
    if (name != first.end() && !name->is_string())
      throw std::runtime_error(path_ + ": the name in the header is not a string");
    const auto count = first.find("count");
    if (count != first.end() && !count->is_number_unsigned())
      throw std::runtime_error(path_ + ": the count in the header is not a number of records");
    if (count != first.end()) named_count_ = count->get<std::uint64_t>();
    header = std::move(first);
    return true;
  }

  void read_names() {
    Item first;
    first.number = number_;
    read_csv(first);
    if (!first.fault.empty()) throw std::runtime_error(path_ + ": line 1: " + first.fault);
    names_ = std::move(first.fields);
    for (auto name = names_.begin(); name != names_.end(); ++name) {
      const auto same = [&](const CsvField& other) { return other.text == name->text; };
      if (std::any_of(names_.begin(), name, same))
        throw std::runtime_error(path_ + ": line 1: there are two columns " + name->text);
    }
  }

  /// Reads the lines of a record. If it does not end as it must, the fault is in its first line as far as one
  /// can tell, and the lines after it are read again as other records.
  void read_csv(Item& item) {
    CsvRecord record;
    std::vector<std::string> lines;
    std::size_t size = 0;
    std::string invalid, malformed;
    while (malformed.empty() && (lines.empty() || record.is_open())) {
      auto line = read_line();
      if (!line) {
        malformed = "a quote is not closed";
        break;
      }
      if (const auto fault = utf8_fault(*line); !fault.empty() && invalid.empty())
        invalid = place(lines.size(), item) + fault;
      size += line->size() + 1;
      try {
        record.add(*line);
      } catch (const std::exception& error) {
        malformed = place(lines.size(), item) + error.what();
      }
      lines.push_back(std::move(*line));
      if (size > max_record_bytes + 1) malformed = too_long();
    }
    while (!malformed.empty() && lines.size() > 1) {
      unread(std::move(lines.back()));
      lines.pop_back();
    }
    for (const auto& line : lines) item.text += (item.text.empty() ? "" : "\n") + line;
    item.fields = record.fields();
    item.fault = malformed.empty() ? invalid : malformed;
  }

  static std::string place(std::size_t lines_before, const Item& item) {
    return lines_before == 0 ? "" : "line " + std::to_string(item.number + lines_before) + ", ";
  }
  static std::string too_long() {
    return "the record is longer than " + std::to_string(max_record_bytes) + " bytes";
  }

  std::optional<std::string> read_line() {
    std::optional<std::string> line;
    if (unread_.empty()) {
      line = file_.read();
    } else {
      line = std::move(unread_.front());
      unread_.pop_front();
    }
    if (line) ++number_;
    return line;
  }
  void unread(std::string line) {
    unread_.push_front(std::move(line));
    --number_;
  }
  void add_to_beginning(const std::string& line) {
    const auto* bytes = reinterpret_cast<const Bytef*>(line.data());
    beginning_crc_ = crc32(beginning_crc_, bytes, static_cast<uInt>(line.size()));
    beginning_size_ += line.size();
  }

  std::string path_;
  LineFile file_;
  bool is_csv_;
  std::unique_ptr<NpyFile> vectors_;
  std::vector<CsvField> names_;
  std::optional<std::uint64_t> named_count_;
  std::set<std::string> unknown_;   // The members that were left out.
  std::deque<std::string> unread_;  // Lines that are read again.
  std::uint64_t number_ = 1;        // Of the next line.
  std::uint64_t index_ = 0;
  uLong beginning_crc_ = 0;
  std::size_t beginning_size_ = 0;
};

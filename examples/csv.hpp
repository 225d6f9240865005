#pragma once

// Records in CSV (RFC 4180).

#include "jsonl.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct CsvField {
  std::string text;
  bool quoted = false;
};

/// Splits a record, which is given line by line because a quoted field may have line breaks. A quote begins a
/// quoted field only where the field begins; elsewhere it is text.
class CsvRecord {
 public:
  /// @throws std::runtime_error if text follows a closing quote
  void add(std::string_view line) {
    if (is_open()) fields_.back().text += '\n';
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char next = line[i];
      auto& field = fields_.back();
      if (state_ == State::Quoted) {
        if (next != '"') {
          field.text += next;
        } else if (line.substr(i, 2) == "\"\"") {
          field.text += line[++i];
        } else {
          state_ = State::Closed;
        }
      } else if (next == ',') {
        fields_.emplace_back();
        state_ = State::Begin;
      } else if (next == '\r' && i + 1 == line.size()) {
        break;
      } else if (state_ == State::Closed) {
        throw std::runtime_error("column " + std::to_string(i + 1) + ": text follows a closing quote");
      } else if (next == '"' && state_ == State::Begin) {
        field.quoted = true;
        state_ = State::Quoted;
      } else {
        field.text += next;
        state_ = State::Plain;
      }
    }
  }
  /// True if the next line belongs to the record.
  [[nodiscard]] bool is_open() const noexcept { return state_ == State::Quoted; }
  [[nodiscard]] const std::vector<CsvField>& fields() const noexcept { return fields_; }

 private:
  enum class State { Begin, Plain, Quoted, Closed };

  std::vector<CsvField> fields_ = std::vector<CsvField>(1);
  State state_ = State::Begin;
};

/// A metadata value from a field: a number, if the number is printed as the field is; true, false, or text.
inline chroma::MetadataValue csv_value(const CsvField& field) {
  if (field.quoted) return field.text;
  const auto value = nlohmann::json::parse(field.text, nullptr, false);
  if (value.is_boolean() && value.dump() == field.text) return value.get<bool>();
  if (!value.is_number() || value.dump() != field.text) return field.text;
  if (value.is_number_float()) return value.get<double>();
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > most) return field.text;
  return value.get<std::int64_t>();
}

/// A record from the columns id, document, uri and embedding (a JSON array), and metadata from all others. An
/// empty field is absent. @throws std::exception that says what is wrong
inline chroma::BulkRecord csv_record(const std::vector<CsvField>& names,
                                     const std::vector<CsvField>& fields) {
  if (fields.size() != names.size()) {
    throw std::runtime_error("there are " + std::to_string(fields.size()) + " fields; the first line has " +
                             std::to_string(names.size()) + " columns");
  }
  nlohmann::json members = nlohmann::json::object();
  chroma::UpdateMetadata metadata;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& name = names[i].text;
    if (fields[i].text.empty()) continue;
    if (name == "embedding") {
      members["embedding"] = nlohmann::json::parse(fields[i].text);
    } else if (name == "id" || name == "document" || name == "uri") {
      members[name] = fields[i].text;
    } else {
      metadata[name] = csv_value(fields[i]);
    }
  }
  auto record = parse_record(members);
  if (!metadata.empty()) record.metadata(std::move(metadata));
  return record;
}

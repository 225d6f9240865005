#pragma once

// What import_jsonl and export_jsonl share: a record as a line of JSON.

#include "utf8.hpp"

#include <chroma/chroma.hpp>
#include <chroma/json.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

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
    if (rows[0].empty()) throw std::runtime_error(std::string(key) + " is empty");
    record.embedding(std::vector<float>(rows[0].begin(), rows[0].end()));
  }
  return record;
}

/// @throws std::runtime_error for an integer that does not fit into 64 bits with a sign, which is the range
/// of metadata: it would be stored as a float of another value
inline void check_integers(std::string_view json) {
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"') {
      for (++at; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] == '\\') ++at;
      }
    } else if (json[at] == '-' || (json[at] >= '0' && json[at] <= '9')) {
      const auto number = json.substr(at, json.find_first_not_of("+-.0123456789eE", at) - at);
      std::int64_t value = 0;
      const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
      const bool is_integer = number.find_first_of(".eE") == number.npos;
      if (is_integer && read.ec == std::errc::result_out_of_range) {
        throw std::runtime_error("column " + std::to_string(at + 1) + ": the integer " + std::string(number) +
                                 " is not between -2^63 and 2^63 - 1");
      }
      at += number.size() - 1;
    }
  }
}

/// The members of a line that `parse_record` does not read. Names that begin with "_" are notes.
inline std::vector<std::string> unknown_members(const nlohmann::json& line) {
  std::vector<std::string> unknown;
  for (const auto& [name, value] : line.items()) {
    const bool is_known = name == "id" || name == "document" || name == "text_chunk" || name == "uri" ||
                          name == "metadata" || name == "embedding" || name == "embedding_b64";
    if (!is_known && !name.starts_with('_')) unknown.push_back(name);
  }
  return unknown;
}

/// A record from a line.
/// @param note_unknown is called with the name of each member that is not part of a record
/// @throws std::exception that says what is wrong
template <class Note>
chroma::BulkRecord parse_line(std::string_view text, const Note& note_unknown) {
  nlohmann::json line;
  try {
    line = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error&) {
    // The message of the exception would have the invalid bytes.
    if (auto fault = utf8_fault(text); !fault.empty()) throw std::runtime_error(fault);
    throw;
  }
  auto record = parse_record(line);
  if (record.metadata()) check_integers(text);
  for (const auto& name : unknown_members(line)) note_unknown(name);
  return record;
}

inline nlohmann::json embedding_json(std::span<const float> values) {
  if (values.empty()) return nlohmann::json::array();
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

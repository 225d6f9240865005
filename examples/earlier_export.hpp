#pragma once

#include "line_file.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

/// The records that an interrupted export has written to a file.
struct EarlierExport {
  std::uint64_t records = 0;
  std::string last_id;  // Empty if there is no record.
  bool has_header = false;
};

/// @throws std::runtime_error if the headers differ
inline void require_same_header(const std::string& path, const nlohmann::json& before,
                                const nlohmann::json& now) {
  if (before == now) return;
  for (const char* option : {"include", "where"}) {
    if (before.is_object() && before.value(option, nlohmann::json()) != now.value(option, nlohmann::json()))
      throw std::runtime_error(path + " was begun with another --" + option);
  }
  throw std::runtime_error("the collection is not as it was when " + path + " was begun: export it again");
}

/// Reads the file, and cuts off a last line that was not written to its end.
/// @throws std::runtime_error if the file begins with another header: the collection has changed, or it is
/// another one
inline EarlierExport read_earlier_export(const std::string& path, const nlohmann::json& header) {
  EarlierExport earlier;
  if (!std::filesystem::exists(path)) return earlier;
  const std::uintmax_t size = std::filesystem::file_size(path);
  std::uintmax_t whole = 0;
  std::string last;
  std::optional<LineFile> file(std::in_place, path, LineFile::Mode::Read);
  while (auto line = file->read()) {
    if (line->size() > max_record_bytes)
      throw std::runtime_error(path + " has a line that is too long: export the collection again");
    if (whole + line->size() + 1 > size) break;  // The line has no end.
    whole += line->size() + 1;
    if (!earlier.has_header) {
      require_same_header(path, nlohmann::json::parse(*line, nullptr, false), header);
      earlier.has_header = true;
      continue;
    }
    ++earlier.records;
    last = std::move(*line);
  }
  file.reset();  // Not every system shortens a file that is open.
  if (earlier.records > 0) earlier.last_id = nlohmann::json::parse(last).at("id").get<std::string>();
  std::filesystem::resize_file(path, whole);
  return earlier;
}

#pragma once

#include "jsonl.hpp"

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
    if (whole + line->size() + 1 > size) break;  // The line has no end.
    whole += line->size() + 1;
    if (!earlier.has_header) {
      if (nlohmann::json::parse(*line, nullptr, false) != header)
        throw std::runtime_error("the collection is not as it was when " + path +
                                 " was begun: export it again");
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

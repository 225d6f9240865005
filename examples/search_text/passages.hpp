#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Splits Markdown and plain text files into passages.
namespace passages {

namespace fs = std::filesystem;

/// A paragraph, a list or a block of code.
struct Passage {
  std::string id;       ///< The file and a hash of the text, so that it does not depend on other passages.
  std::string file;     ///< The path as it was found.
  std::size_t line;     ///< The line on which it begins, counted from 1.
  std::string heading;  ///< The nearest heading above it; may be empty.
  std::string text;

  /// What is embedded: the heading gives a short paragraph its context.
  [[nodiscard]] std::string document() const { return heading.empty() ? text : heading + "\n" + text; }
};

namespace detail {

/// FNV-1a, 64 bits, in hexadecimal. The value of std::hash may differ between two runs.
inline std::string hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return {digits.data(), end};
}

inline bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
  });
}

/// The text of a line such as "## Heading"; empty if the line is no heading.
inline std::string heading_of(std::string_view line) {
  const auto hashes = std::min(line.find_first_not_of('#'), line.size());
  if (hashes == 0 || hashes > 6 || hashes == line.size() || line[hashes] != ' ') return {};
  return std::string(line.substr(hashes + 1));
}

inline bool is_fence(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~");
}

inline bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Collects the lines of a file and cuts them into passages.
class Splitter {
 public:
  explicit Splitter(const fs::path& path)
      : file_(path.generic_string()), markdown_(path.extension() == ".md") {}

  void add(std::string line) {
    ++line_;
    if (line.ends_with('\r')) line.pop_back();
    const bool fence = markdown_ && is_fence(line);
    auto heading = markdown_ && !in_code_ ? heading_of(line) : std::string();
    if (!heading.empty()) {
      finish();
      heading_ = std::move(heading);
      return;
    }
    if (fence) in_code_ = !in_code_;
    if (is_blank(line) && !in_code_) {
      finish();
      return;
    }
    if (text_.empty()) begin_ = line_;
    text_ += line + '\n';
  }

  void finish() {
    while (text_.ends_with('\n')) text_.pop_back();
    if (has_letter(text_)) {
      auto id = file_ + "#" + hash(heading_ + '\n' + text_);
      const auto repetition = repetitions_[id]++;
      if (repetition != 0) id += "-" + std::to_string(repetition);
      found_.push_back({std::move(id), file_, begin_, heading_, text_});
    }
    text_.clear();
  }

  [[nodiscard]] std::vector<Passage> take() { return std::move(found_); }

 private:
  std::string file_;
  bool markdown_;
  bool in_code_ = false;
  std::size_t line_ = 0;
  std::size_t begin_ = 0;
  std::string heading_;
  std::string text_;
  std::map<std::string, std::size_t> repetitions_;
  std::vector<Passage> found_;
};

}  // namespace detail

/// The passages of a file: it is split at headings and blank lines; a block of code is not split.
inline std::vector<Passage> of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  detail::Splitter splitter(path);
  for (std::string line; std::getline(in, line);) splitter.add(std::move(line));
  splitter.finish();
  return splitter.take();
}

/// The files with the endings .md and .txt in a folder and the folders in it, in the order of their names; or
/// the path itself if it is a file.
inline std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".md" || extension == ".txt")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// True if a file that was found may be in the folder: its name begins with that of the folder.
inline bool is_inside(const std::string& file, const fs::path& folder) {
  auto begin = folder.generic_string();
  if (!begin.ends_with('/')) begin += '/';
  return file.starts_with(begin);
}

}  // namespace passages

#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

/// The longest record that is read, in bytes.
inline constexpr std::size_t max_record_bytes = std::size_t(64) << 20;

/// A text file, or standard input or output for "-". A file that is written is compressed if its name ends in
/// ".gz". A file that is read may be compressed whatever its name is.
class LineFile {
 public:
  enum class Mode { Read, Write, Append };

  LineFile(const std::string& path, Mode mode) : path_(path) {
    const bool compress = path.ends_with(".gz");
    if (mode == Mode::Read && compress && std::filesystem::is_regular_file(path) &&
        std::filesystem::file_size(path) == 0) {
      throw std::runtime_error(path + " is empty, and no compressed file");
    }
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

  /// The next line without its end; nothing at the end of the file. Of a line that is longer than
  /// `max_record_bytes`, one byte more than that is returned, and the rest is skipped.
  std::optional<std::string> read() {
    std::string line;
    bool any = false;
    while (!unread_.empty() || fill()) {
      any = true;
      const auto end = unread_.find('\n');
      line += unread_.substr(0, std::min(end, max_record_bytes + 1 - line.size()));
      unread_.remove_prefix(end == unread_.npos ? unread_.size() : end + 1);
      if (end != unread_.npos) return line;
    }
    if (!any) return std::nullopt;
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

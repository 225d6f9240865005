#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

/// Where an export writes its lines. Unless this is standard output or a device, it is a file with another
/// name, so that an earlier export is replaced only by a complete one.
class ExportFile {
 public:
  /// @param resume whether an interrupted export is continued: in the file of the other name if there is one,
  /// otherwise in the file itself
  ExportFile(const std::string& path, bool resume) : target_(path), working_(path) {
    if (path == "-") return;
    if (std::filesystem::exists(path)) {
      if (!std::filesystem::is_regular_file(path)) return;
      target_ = std::filesystem::canonical(path).string();  // Links remain.
    }
    // Whether the file is compressed depends on the end of its name.
    constexpr std::string_view compressed = ".gz";
    is_compressed_ = target_.ends_with(compressed);
    const auto base = target_.substr(0, target_.size() - (is_compressed_ ? compressed.size() : 0));
    auto partial = base + ".partial" + std::string(is_compressed_ ? compressed : "");
    working_ = resume && !std::filesystem::exists(partial) ? target_ : std::move(partial);
  }

  /// The file to write to.
  [[nodiscard]] const std::string& working_path() const noexcept { return working_; }
  /// To be called when the export has failed. @returns true if it can be continued
  [[nodiscard]] bool keep_for_resume() const {
    if (working_ == target_ || !std::filesystem::exists(working_)) return false;
    if (!is_compressed_) return true;
    std::filesystem::remove(working_);  // Compressed data cannot be continued.
    return false;
  }
  /// Gives the complete file its name.
  void complete() const {
    if (working_ != target_) std::filesystem::rename(working_, target_);
  }

 private:
  std::string target_;
  std::string working_;
  bool is_compressed_ = false;
};

#pragma once

// What import_jsonl does with records that were not stored.

#include "jsonl.hpp"
#include "line_file.hpp"

#include <chroma/bulk.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

/// The file of refused records, which is created when there is one. Thread-safe.
class Rejects {
 public:
  /// @param append whether the file has records that an interrupted run of the same import has refused
  Rejects(std::string path, bool append)
      : path_(std::move(path)),
        mode_(append ? LineFile::Mode::Append : LineFile::Mode::Write),
        has_earlier_(append && std::filesystem::exists(path_)) {}
  /// Reads which lines from this number on the interrupted run has refused; they are not written again.
  void read_earlier(std::uint64_t first) {
    if (!has_earlier_) return;
    LineFile file(path_, LineFile::Mode::Read);
    while (const auto line = file.read()) {
      const auto refused = nlohmann::json::parse(*line, nullptr, false);
      if (!refused.is_object() || !refused.value("_line", nlohmann::json()).is_number_unsigned()) continue;
      const auto number = refused["_line"].get<std::uint64_t>();
      if (number >= first) earlier_.insert(number);
    }
  }
  void add(nlohmann::json line, std::uint64_t number, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (earlier_.contains(number)) return;
    if (!file_) {
      const bool ends_within_a_line = has_earlier_ && has_incomplete_line();
      file_.emplace(path_, mode_);
      if (ends_within_a_line) file_->write("");
    }
    line["_line"] = number;
    line["_reason"] = reason;
    file_->write(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    file_->flush();  // The checkpoint may pass this line before the program is killed.
  }
  /// Whatever the record contains, this throws only if the file cannot be written.
  void add(const chroma::BulkRecord& record, const std::string& reason) {
    nlohmann::json line;
    std::string restriction;
    try {
      line = line_of(record);
    } catch (const std::exception& error) {
      line = {{"id", record.id()}};
      restriction = std::string(" (the record cannot be written as JSON: ") + error.what() + ")";
    }
    add(std::move(line), record.position().value_or(0), reason + restriction);
  }
  void close() {
    if (file_) file_->close();
    file_.reset();
  }
  /// The refused records of this run.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// True if this run or an earlier one has refused a record.
  [[nodiscard]] bool any() const noexcept { return has_earlier_ || count_ > 0; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  /// Whether the interrupted run could not write its last line whole, as on a full disk.
  [[nodiscard]] bool has_incomplete_line() const {
    if (path_.ends_with(".gz")) return false;
    std::ifstream file(path_, std::ios::binary | std::ios::ate);
    if (!file || file.tellg() == 0) return false;
    file.seekg(-1, std::ios::end);
    return file.get() != '\n';
  }

  std::string path_;
  LineFile::Mode mode_;
  bool has_earlier_;
  std::unordered_set<std::uint64_t> earlier_;
  std::mutex mutex_;
  std::optional<LineFile> file_;
  std::atomic<std::uint64_t> count_ = 0;
};

/// Records that were given to the writer and not stored for a reason that is not in them, such as a server
/// that does not respond. Thread-safe.
class Unstored {
 public:
  void add(const chroma::BatchOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    count_ += outcome.rows;
    if (reason_.empty() && outcome.outcome == chroma::RowOutcome::Failed) reason_ = outcome.error->what();
  }
  [[nodiscard]] std::uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  /// Why the first of them failed; empty if none was tried.
  [[nodiscard]] std::string reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::string reason_;
};

/// True if the server has refused a request because of what the records contain.
inline bool is_about_records(const chroma::ApiError& error) {
  switch (error.status) {
    case 400:
      return !error.message.starts_with("Missing API key");
    case 413:
      return true;
    case 422:
      return !error.message.starts_with("Billing limit exceeded") &&
             !error.message.starts_with("Quota exceeded: 'Collection size");
    case 501:
      return error.message.find("Sparse vector is not supported") != std::string::npos;
    default:
      return false;
  }
}

/// True if the server, or a check before the request, has refused a record because of its content. A batch of
/// several records that was refused is not divided any more after the writer has stopped, so most of them may
/// be good; so may be a part that had not been sent by itself.
inline bool is_refused(const chroma::BatchOutcome& outcome) {
  if (outcome.outcome != chroma::RowOutcome::Failed || outcome.records.size() != 1) return false;
  const auto& error = *outcome.error;
  if (const auto* response = error.get_if<chroma::ApiError>())
    return outcome.bytes > 0 && is_about_records(*response);
  if (const auto* function = error.get_if<chroma::EmbeddingFunctionError>()) {
    const int status = function->status;
    return !function->retryable && status != 401 && status != 402 && status != 403 && status != 404;
  }
  return error.is<chroma::ValidationError>() || error.is<chroma::MissingEmbeddingFunction>() ||
         error.is<chroma::MissingDocumentsForEmbedding>();
}

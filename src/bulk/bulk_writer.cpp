// The public class, over the writer that is shared with running requests.
#include "bulk/translated.hpp"
#include "bulk/writer.hpp"

#include <chroma/bulk.hpp>

#include <utility>

namespace chroma {
namespace {

[[noreturn]] void refuse(const char* field, const char* message) {
  throw ChromaHttpClientError(ValidationError{message, field});
}

void check(const BulkOptions& options) {
  if (options.max_body_bytes == 0) refuse("max_body_bytes", "must be at least 1");
  if (options.concurrency == 0) refuse("concurrency", "must be at least 1");
  if (options.max_concurrency < options.concurrency)
    refuse("max_concurrency", "must be at least concurrency");
  if (options.embedding_rows == 0) refuse("embedding_rows", "must be at least 1");
  if (options.embedding_concurrency == 0) refuse("embedding_concurrency", "must be at least 1");
  if (options.target_latency.count() <= 0) refuse("target_latency", "must be positive");
  if (options.flush_interval.count() < 0) refuse("flush_interval", "must not be negative");
  if (options.give_up_after.count() < 0) refuse("give_up_after", "must not be negative");
  if (options.retry.max_tries == 0) refuse("retry", "max_tries must be at least 1");
  if (options.retry.min_delay.count() < 0 || options.retry.max_delay.count() < 0) {
    refuse("retry", "delays must not be negative");
  }
  const bool custom = options.limits.kind() == BulkLimits::Kind::Custom;
  if (custom && (options.limits.rows() == 0 || options.limits.bytes() == 0)) {
    refuse("limits", "rows and bytes must be at least 1");
  }
  if (!options.checkpoint) return;
  if (options.checkpoint->path.empty()) refuse("checkpoint", "path must not be empty");
  if (options.checkpoint->interval.count() < 0) refuse("checkpoint", "interval must not be negative");
}

/// Refuses a column of another length than the ids: values of it would be left out.
void check_block(const UpsertRequest& block) {
  const std::size_t rows = block.ids().size();
  const auto check_length = [&](const char* field, std::size_t size) {
    if (size != rows) {
      const auto text = "has " + std::to_string(size) + " rows; there are " + std::to_string(rows) + " ids";
      refuse(field, text.c_str());
    }
  };
  if (block.embeddings()) check_length("embeddings", block.embeddings()->size());
  if (block.documents()) check_length("documents", block.documents()->size());
  if (block.uris()) check_length("uris", block.uris()->size());
  if (block.metadatas()) check_length("metadatas", block.metadatas()->size());
}

boost::asio::awaitable<void> write_block(std::shared_ptr<bulk::Writer> writer, UpsertRequest block,
                                         std::optional<std::uint64_t> position) {
  check_block(block);
  const auto shared = std::make_shared<const UpsertRequest>(std::move(block));
  std::vector<bulk::Row> rows;
  rows.reserve(shared->ids().size());
  for (std::size_t i = 0; i < shared->ids().size(); ++i) rows.emplace_back(shared, i);
  co_await writer->write(std::move(rows), position);
}

}  // namespace

const char* to_string(BulkOperation operation) noexcept {
  switch (operation) {
    case BulkOperation::Add:
      return "add";
    case BulkOperation::Upsert:
      return "upsert";
    case BulkOperation::Update:
      return "update";
    case BulkOperation::Delete:
      return "delete";
  }
  return "";
}

BulkLimits BulkLimits::automatic() {
  return {};
}

BulkLimits BulkLimits::cloud() {
  BulkLimits limits;
  limits.kind_ = Kind::Cloud;
  return limits;
}

BulkLimits BulkLimits::custom(std::size_t rows, std::size_t bytes) {
  BulkLimits limits;
  limits.kind_ = Kind::Custom;
  limits.rows_ = rows;
  limits.bytes_ = bytes;
  return limits;
}

BulkWriter::BulkWriter(ChromaCollection collection, BulkOptions options) {
  check(options);
  auto sink = bulk::make_collection_sink(collection, options.operation);
  writer_ = std::make_shared<bulk::Writer>(std::move(sink), std::move(options));
}

BulkWriter::BulkWriter(BulkWriter&&) noexcept = default;

BulkWriter& BulkWriter::operator=(BulkWriter&& other) noexcept {
  std::swap(writer_, other.writer_);
  return *this;
}

BulkWriter::~BulkWriter() {
  if (writer_) writer_->close();
}

boost::asio::awaitable<void> BulkWriter::write(BulkRecord record) {
  const auto position = record.position();
  std::vector<bulk::Row> rows;
  rows.emplace_back(std::move(record));
  return bulk::translated(writer_->write(std::move(rows), position), writer_);
}

boost::asio::awaitable<void> BulkWriter::write(UpsertRequest block) {
  return bulk::translated(write_block(writer_, std::move(block), std::nullopt), writer_);
}

boost::asio::awaitable<void> BulkWriter::write(UpsertRequest block, std::uint64_t first_position) {
  return bulk::translated(write_block(writer_, std::move(block), first_position), writer_);
}

boost::asio::awaitable<void> BulkWriter::flush() {
  return bulk::translated(writer_->flush(), writer_);
}

boost::asio::awaitable<BulkReport> BulkWriter::finish() {
  return bulk::translated(writer_->finish(), writer_);
}

void BulkWriter::abort() {
  writer_->abort();
}

BulkProgress BulkWriter::progress() const {
  return writer_->progress();
}

std::uint64_t BulkWriter::resume_position() const {
  return writer_->resume_position();
}

}  // namespace chroma

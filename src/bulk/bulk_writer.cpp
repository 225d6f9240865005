// The public class, over the writer that is shared with running requests.
#include "bulk/arguments.hpp"
#include "bulk/checked_options.hpp"
#include "bulk/translated.hpp"
#include "bulk/writer.hpp"

#include <chroma/bulk.hpp>

#include <type_traits>
#include <utility>

namespace chroma {
namespace {

template <class T>
boost::asio::awaitable<T> refused_operation() {
  static_cast<void>(bulk::require(std::shared_ptr<bulk::Writer>()));
  co_return T();
}

/// The operation that `begin(writer)` starts; for a writer that has been moved from, an operation that fails
/// when it is awaited.
template <class Begin, class Operation = std::invoke_result_t<Begin, bulk::Writer&>>
Operation operation_of(const std::shared_ptr<bulk::Writer>& writer, const Begin& begin) {
  if (!writer) return refused_operation<typename Operation::value_type>();
  return bulk::translated(begin(*writer), writer);
}

/// Refuses a column of another length than the ids: values of it would be left out.
void check_block(const UpsertRequest& block) {
  const std::size_t rows = block.ids().size();
  const auto check_length = [&](const char* field, std::size_t size) {
    if (size != rows) {
      const auto text = "has " + std::to_string(size) + " rows; there are " + std::to_string(rows) + " ids";
      bulk::refuse(field, text);
    }
  };
  if (block.embeddings()) check_length("embeddings", block.embeddings()->size());
  if (block.documents()) check_length("documents", block.documents()->size());
  if (block.uris()) check_length("uris", block.uris()->size());
  if (block.metadatas()) check_length("metadatas", block.metadatas()->size());
}

boost::asio::awaitable<void> write_block(std::shared_ptr<bulk::Writer> shared_writer, UpsertRequest block,
                                         std::optional<std::uint64_t> position) {
  bulk::Writer& writer = bulk::require(shared_writer);
  check_block(block);
  const auto shared = std::make_shared<const UpsertRequest>(std::move(block));
  bulk::Rows rows;
  for (std::size_t i = 0; i < shared->ids().size(); ++i) rows.emplace_back(shared, i);
  co_await writer.write(std::move(rows), position);
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
  options = bulk::checked(std::move(options));
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
  bulk::Rows rows;
  rows.emplace_back(std::move(record));
  return operation_of(writer_, [&](bulk::Writer& writer) { return writer.write(std::move(rows), position); });
}

boost::asio::awaitable<void> BulkWriter::write(UpsertRequest block) {
  return bulk::translated(write_block(writer_, std::move(block), std::nullopt), writer_);
}

boost::asio::awaitable<void> BulkWriter::write(UpsertRequest block, std::uint64_t first_position) {
  return bulk::translated(write_block(writer_, std::move(block), first_position), writer_);
}

boost::asio::awaitable<void> BulkWriter::flush() {
  return operation_of(writer_, [](bulk::Writer& writer) { return writer.flush(); });
}

boost::asio::awaitable<BulkReport> BulkWriter::finish() {
  return operation_of(writer_, [](bulk::Writer& writer) { return writer.finish(); });
}

void BulkWriter::abort() {
  bulk::require(writer_).abort();
}

BulkProgress BulkWriter::progress() const {
  return bulk::require(writer_).progress();
}

std::uint64_t BulkWriter::resume_position() const {
  return bulk::require(writer_).resume_position();
}

}  // namespace chroma

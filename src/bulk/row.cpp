#include "bulk/row.hpp"

#include "codec/record_size.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace chroma::bulk {
namespace {

// What a node of a map, its key's and its value's object take.
constexpr std::size_t metadata_entry_memory = 160;
constexpr std::size_t row_memory = sizeof(Row) + 64;

template <class T>
const T* entry(const std::optional<std::vector<std::optional<T>>>& column, std::size_t i) noexcept {
  return column && i < column->size() && (*column)[i] ? &*(*column)[i] : nullptr;
}

template <class T>
const T* pointer(const std::optional<T>& value) noexcept {
  return value ? &*value : nullptr;
}

}  // namespace

Row::Row(BulkRecord record) : hash(std::hash<std::string>()(record.id())), data_(std::move(record)) {}

Row::Row(std::shared_ptr<const UpsertRequest> block, std::size_t index)
    : hash(std::hash<std::string>()(block->ids()[index])), data_(BlockRow{std::move(block), index}) {}

const UpsertRequest* Row::block() const noexcept {
  const auto* row = std::get_if<BlockRow>(&data_);
  return row ? row->request.get() : nullptr;
}

std::size_t Row::index() const noexcept {
  const auto* row = std::get_if<BlockRow>(&data_);
  return row ? row->index : 0;
}

const std::string& Row::id() const noexcept {
  if (const auto* record = std::get_if<BulkRecord>(&data_)) return record->id();
  return block()->ids()[index()];
}

std::optional<std::span<const float>> Row::embedding() const noexcept {
  if (const auto* record = std::get_if<BulkRecord>(&data_)) {
    if (!record->embedding()) return std::nullopt;
    return std::span<const float>(*record->embedding());
  }
  const auto& all = block()->embeddings();
  if (!all || index() >= all->size() || !all->has_row(index())) return std::nullopt;
  return (*all)[index()];
}

const std::string* Row::document() const noexcept {
  if (const auto* record = std::get_if<BulkRecord>(&data_)) return pointer(record->document());
  return entry(block()->documents(), index());
}

const std::string* Row::uri() const noexcept {
  if (const auto* record = std::get_if<BulkRecord>(&data_)) return pointer(record->uri());
  return entry(block()->uris(), index());
}

const UpdateMetadata* Row::metadata() const noexcept {
  if (const auto* record = std::get_if<BulkRecord>(&data_)) return pointer(record->metadata());
  return entry(block()->metadatas(), index());
}

BulkRecord& Row::own() {
  if (auto* record = std::get_if<BulkRecord>(&data_)) return *record;
  BulkRecord copy(id());
  if (const auto values = embedding()) copy.embedding(std::vector<float>(values->begin(), values->end()));
  if (const auto* text = document()) copy.document(*text);
  if (const auto* text = uri()) copy.uri(*text);
  if (const auto* map = metadata()) copy.metadata(*map);
  data_ = std::move(copy);
  return std::get<BulkRecord>(data_);
}

void Row::join(Row later, bool merge) {
  sizes_.reset();
  checked = false;
  given.insert(given.end(), later.given.begin(), later.given.end());
  buffered_memory += later.buffered_memory;
  if (!merge) {
    data_ = std::move(later.data_);
    return;
  }
  BulkRecord& record = own();
  if (const auto values = later.embedding())
    record.embedding(std::vector<float>(values->begin(), values->end()));
  if (const auto* text = later.document()) record.document(*text);
  if (const auto* text = later.uri()) record.uri(*text);
  if (const auto* map = later.metadata()) {
    UpdateMetadata merged = *map;
    if (record.metadata()) merged.insert(record.metadata()->begin(), record.metadata()->end());
    record.metadata(std::move(merged));
  }
}

void Row::set_embedding(std::optional<std::vector<float>> values) {
  sizes_.reset();
  own().embedding(std::move(values));
}

void Row::set_metadata(UpdateMetadata metadata) {
  sizes_.reset();
  own().metadata(std::move(metadata));
}

BulkRecord Row::take_record() {
  BulkRecord& record = own();
  record.position(given.front().position);
  return std::move(record);
}

std::size_t Row::memory() const noexcept {
  std::size_t bytes = row_memory + id().size() + given.size() * sizeof(Given);
  if (const auto values = embedding()) bytes += values->size_bytes();
  if (const auto* text = document()) bytes += text->size();
  if (const auto* text = uri()) bytes += text->size();
  if (const auto* map = metadata()) {
    bytes += map->size() * metadata_entry_memory;
    for (const auto& [key, value] : *map) {
      bytes += key.size();
      if (const auto* text = value.get_if<std::string>()) bytes += text->size();
    }
  }
  return bytes;
}

const RowSizes& Row::sizes(bool base64, core::Buffer& scratch) {
  if (sizes_) return *sizes_;
  RowSizes sizes;
  sizes.id = codec::text_size(id());
  if (const auto values = embedding()) sizes.embedding = codec::embedding_size(*values, base64, scratch);
  if (const auto* text = document()) sizes.document = codec::text_size(*text);
  if (const auto* text = uri()) sizes.uri = codec::text_size(*text);
  if (const auto* map = metadata()) sizes.metadata = codec::metadata_size(*map, scratch);
  return sizes_.emplace(sizes);
}

Rows take_first(Rows& rows, std::size_t count) {
  Rows first;
  const auto end = std::next(rows.begin(), static_cast<std::ptrdiff_t>(std::min(count, rows.size())));
  first.splice(first.end(), rows, rows.begin(), end);
  return first;
}

}  // namespace chroma::bulk

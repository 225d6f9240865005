#pragma once

/// @file
/// `BulkRecord`: one record for a `BulkWriter`.

#include <chroma/export.hpp>
#include <chroma/metadata.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chroma {

/// One record for `BulkWriter::write`: `BulkRecord("id", vector).document("text").metadata(map)`. A setter
/// replaces what was set before and returns the record, by move on a temporary.
class CHROMA_API BulkRecord {
 public:
  BulkRecord() = default;
  explicit BulkRecord(std::string id) : id_(std::move(id)) {}
  BulkRecord(std::string id, std::vector<float> embedding)
      : id_(std::move(id)), embedding_(std::move(embedding)) {}

  /// Not empty, in UTF-8.
  BulkRecord& id(std::string id) & { return set(id_, std::move(id)); }
  BulkRecord id(std::string id) && { return std::move(set(id_, std::move(id))); }
  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// As many components as the other embeddings of the collection have, without NaN and infinities. Without
  /// one, the embedding function of the collection makes it of the document; an update without a document
  /// does not change the stored embedding.
  BulkRecord& embedding(std::optional<std::vector<float>> values) & {
    return set(embedding_, std::move(values));
  }
  BulkRecord embedding(std::optional<std::vector<float>> values) && {
    return std::move(set(embedding_, std::move(values)));
  }
  [[nodiscard]] const std::optional<std::vector<float>>& embedding() const noexcept { return embedding_; }

  /// Text in UTF-8.
  BulkRecord& document(std::optional<std::string> text) & { return set(document_, std::move(text)); }
  BulkRecord document(std::optional<std::string> text) && {
    return std::move(set(document_, std::move(text)));
  }
  [[nodiscard]] const std::optional<std::string>& document() const noexcept { return document_; }

  /// Text in UTF-8; the server does not interpret it.
  BulkRecord& uri(std::optional<std::string> uri) & { return set(uri_, std::move(uri)); }
  BulkRecord uri(std::optional<std::string> uri) && { return std::move(set(uri_, std::move(uri))); }
  [[nodiscard]] const std::optional<std::string>& uri() const noexcept { return uri_; }

  /// An upsert or update merges it into the stored metadata: keys that it does not have are not changed, and
  /// a value `nullptr` deletes the key. An add refuses `nullptr`.
  BulkRecord& metadata(std::optional<UpdateMetadata> map) & { return set(metadata_, std::move(map)); }
  BulkRecord metadata(std::optional<UpdateMetadata> map) && {
    return std::move(set(metadata_, std::move(map)));
  }
  BulkRecord& metadata(const Metadata& map) & {
    return set(metadata_, UpdateMetadata(map.begin(), map.end()));
  }
  BulkRecord metadata(const Metadata& map) && {
    return std::move(set(metadata_, UpdateMetadata(map.begin(), map.end())));
  }
  [[nodiscard]] const std::optional<UpdateMetadata>& metadata() const noexcept { return metadata_; }

  /// The place of the record in its source, for example a line number or a byte offset. If unset, it is one
  /// more than the position of the record before, or 0 for the first. With a checkpoint, each position must
  /// be greater than the one before.
  BulkRecord& position(std::optional<std::uint64_t> position) & { return set(position_, position); }
  BulkRecord position(std::optional<std::uint64_t> position) && {
    return std::move(set(position_, position));
  }
  [[nodiscard]] std::optional<std::uint64_t> position() const noexcept { return position_; }

  friend bool operator==(const BulkRecord&, const BulkRecord&) = default;

 private:
  template <class Member, class Value>
  BulkRecord& set(Member& member, Value&& value) {
    member = std::forward<Value>(value);
    return *this;
  }

  std::string id_;
  std::optional<std::vector<float>> embedding_;
  std::optional<std::string> document_;
  std::optional<std::string> uri_;
  std::optional<UpdateMetadata> metadata_;
  std::optional<std::uint64_t> position_;
};

}  // namespace chroma

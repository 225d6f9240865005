#pragma once

#include "testing/filter.hpp"

#include <chroma/metadata.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chroma::testing {

struct Record {
  std::string id;
  std::vector<float> embedding;
  Metadata metadata;  ///< With the document and the URI, under their keys.
};

/// One row of a write: the values that it sets in a record.
struct RecordChange {
  std::string id;
  std::optional<std::vector<float>> embedding;
  UpdateMetadata metadata;  ///< With the document and the URI, under their keys.
};

/// The records to which an operation applies.
struct Selection {
  std::optional<std::vector<std::string>> ids;
  std::optional<Filter> filter;
  std::size_t offset = 0;
  std::optional<std::size_t> limit;
};

/// The records of a collection, in the order of their insertion.
class Records {
 public:
  enum class Write { Add, Update, Upsert };

  /// Applies the rows in order. An id that exists is ignored by Add, one that does not exist by Update.
  /// @return the rows that were applied
  std::vector<const RecordChange*> write(Write kind, const std::vector<RecordChange>& rows);
  void remove(const std::string& id);

  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }
  [[nodiscard]] bool contains(const std::string& id) const { return positions_.contains(id); }
  /// The records in the order of their insertion; unknown and repeated ids add none.
  [[nodiscard]] std::vector<const Record*> select(const Selection& selection) const;

 private:
  std::size_t next_position_ = 0;
  std::map<std::size_t, Record> records_;
  std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace chroma::testing

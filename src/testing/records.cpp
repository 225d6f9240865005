#include "testing/records.hpp"

#include "testing/metadata_json.hpp"

#include <set>

namespace chroma::testing {

std::vector<const RecordChange*> Records::write(Write kind, const std::vector<RecordChange>& rows) {
  std::vector<const RecordChange*> applied;
  for (const auto& row : rows) {
    auto found = positions_.find(row.id);
    const bool exists = found != positions_.end();
    if (exists ? kind == Write::Add : kind == Write::Update) continue;
    if (!exists) {
      found = positions_.emplace(row.id, next_position_++).first;
      records_[found->second].id = row.id;
    }
    auto& record = records_.at(found->second);
    if (row.embedding) record.embedding = *row.embedding;
    merge(record.metadata, row.metadata);
    applied.push_back(&row);
  }
  return applied;
}

void Records::remove(const std::string& id) {
  const auto found = positions_.find(id);
  if (found == positions_.end()) return;
  records_.erase(found->second);
  positions_.erase(found);
}

std::vector<const Record*> Records::select(const Selection& selection) const {
  std::optional<std::set<std::size_t>> wanted;
  if (selection.ids) {
    wanted.emplace();
    for (const auto& id : *selection.ids) {
      if (const auto found = positions_.find(id); found != positions_.end()) wanted->insert(found->second);
    }
  }
  std::vector<const Record*> selected;
  auto to_skip = selection.offset;
  for (const auto& [position, record] : records_) {
    if (selection.limit && selected.size() == *selection.limit) break;
    if (wanted && !wanted->contains(position)) continue;
    if (selection.filter && !selection.filter->matches(record.metadata)) continue;
    if (to_skip > 0) {
      --to_skip;
    } else {
      selected.push_back(&record);
    }
  }
  return selected;
}

}  // namespace chroma::testing

#include "bulk/buffer.hpp"

#include <iterator>
#include <utility>

namespace chroma::bulk {
namespace {

bool is_earlier(const Row& left, const Row& right) {
  return left.given.front().sequence < right.given.front().sequence;
}

}  // namespace

void Buffer::count(Row& row) {
  discount(row);
  row.counted_memory = row.memory();
  ready_memory_ += row.counted_memory;
}

void Buffer::discount(Row& row) noexcept {
  ready_memory_ -= std::exchange(row.counted_memory, 0);
}

bool Buffer::needs_embedding(const Row& row) const {
  if (operation_ == BulkOperation::Delete || row.embedded) return false;
  if (sparse_) return true;
  if (row.embedding() || (operation_ == BulkOperation::Update && row.document() == nullptr)) return false;
  return has_function_();
}

Row* Buffer::push(Row row) {
  if (same_id_ == SameId::Reject) open_.insert(row.id());
  if (same_id_ == SameId::KeepLast) {
    if (Row* earlier = join(row)) return earlier;
  }
  row.in_stage = needs_embedding(row);
  List& list = row.in_stage ? to_embed_ : ready_;
  if (row.in_stage) {
    in_stage_[row.hash].insert(row.given.front().sequence);
  } else {
    count(row);
  }
  list.push_back(std::move(row));
  if (same_id_ == SameId::KeepLast) waiting_.insert_or_assign(list.back().hash, std::prev(list.end()));
  return nullptr;
}

bool Buffer::may_join(const Row& earlier, const Row& later) const {
  if (earlier.id() != later.id()) return false;
  if (earlier.in_stage || !needs_embedding(later)) return true;
  // The earlier row does not return to the stage. Without a document, the later one needs no other embedding.
  const bool merges = operation_ == BulkOperation::Upsert || operation_ == BulkOperation::Update;
  return merges && !sparse_ && later.document() == nullptr && earlier.embedding().has_value();
}

Row* Buffer::join(Row& row) {
  const auto found = waiting_.find(row.hash);
  if (found == waiting_.end()) return nullptr;
  Row& earlier = *found->second;
  if (!may_join(earlier, row)) return nullptr;
  const bool merge = operation_ == BulkOperation::Upsert || operation_ == BulkOperation::Update;
  const bool replaces_document = row.document() != nullptr && !row.embedding();
  earlier.join(std::move(row), merge);
  // The embedding that the earlier row was given belongs to another document.
  if (earlier.in_stage && merge && replaces_document && earlier.embedding() && has_function_())
    earlier.set_embedding(std::nullopt);
  if (earlier.counted_memory > 0) count(earlier);
  return &earlier;
}

void Buffer::forget(const Row& row) {
  const auto found = waiting_.find(row.hash);
  if (found != waiting_.end() && &*found->second == &row) waiting_.erase(found);
}

bool Buffer::may_go(const Row& row) const {
  if (busy_.contains(row.hash)) return false;
  const auto staged = in_stage_.find(row.hash);
  if (staged != in_stage_.end() && *staged->second.begin() < row.given.front().sequence) return false;
  const auto held = held_.find(row.hash);
  return held == held_.end() || is_earlier(row, held->second.front());
}

bool Buffer::passes(List& list, List::iterator row, const Check& check, const Refuse& refuse) {
  if (std::exchange(row->checked, true)) return true;
  auto fault = check(*row);
  if (!fault) return true;
  forget(*row);
  discount(*row);
  if (same_id_ == SameId::Reject) open_.erase(row->id());
  Row refused = std::move(*row);
  list.erase(row);
  if (refused.in_stage) {
    leave_stage(refused);
  } else {
    let_next_go(refused.hash);
  }
  refuse(std::move(refused), std::move(*fault));
  return false;
}

Buffer::Rows Buffer::take(const BatchLimits& limits, bool base64, const Check& check, const Refuse& refuse) {
  Rows taken;
  BatchSize size(operation_);
  for (auto row = ready_.begin(); row != ready_.end() && size.rows() < limits.rows;) {
    const auto next = std::next(row);
    if (!may_go(*row)) {
      discount(*row);
      List one;
      one.splice(one.end(), ready_, row);
      held_[one.front().hash].merge(one, is_earlier);
    } else if (passes(ready_, row, check, refuse)) {
      const RowSizes& sizes = row->sizes(base64, scratch_);
      if (!size.fits(sizes, limits)) break;
      size.add(sizes);
      forget(*row);
      ++busy_[row->hash];
      discount(*row);
      taken.push_back(std::move(*row));
      ready_.erase(row);
    }
    row = next;
  }
  return taken;
}

Buffer::Rows Buffer::take_to_embed(std::size_t most, const Check& check, const Refuse& refuse) {
  Rows taken;
  List passed;  // They were joined with rows that have embeddings.
  for (auto row = to_embed_.begin(); row != to_embed_.end() && taken.size() < most;) {
    const auto next = std::next(row);
    const bool has_embedding = row->embedding().has_value();
    if (!needs_embedding(*row)) {
      passed.splice(passed.end(), to_embed_, row);
    } else if (taken.empty() || taken.front().embedding().has_value() == has_embedding) {
      if (passes(to_embed_, row, check, refuse)) {
        forget(*row);
        taken.push_back(std::move(*row));
        to_embed_.erase(row);
      }
    }
    row = next;
  }
  leave_stage(passed);
  return taken;
}

void Buffer::embedded(Rows rows) {
  List list(std::move_iterator(rows.begin()), std::move_iterator(rows.end()));
  // What was made is checked, too. Later rows are not joined with these, because another one may be between
  // them.
  for (Row& row : list) row.checked = false;
  leave_stage(list);
}

void Buffer::leave_stage(List& rows) {
  for (Row& row : rows) {
    leave_stage(row);
    row.in_stage = false;
    count(row);
  }
  ready_.merge(rows, is_earlier);
}

void Buffer::release(std::uint64_t hash) {
  const auto busy = busy_.find(hash);
  if (busy == busy_.end() || --busy->second > 0) return;
  busy_.erase(busy);
  let_next_go(hash);
}

void Buffer::let_next_go(std::uint64_t hash) {
  if (busy_.contains(hash)) return;
  const auto held = held_.find(hash);
  if (held == held_.end()) return;
  List first;
  first.splice(first.end(), held->second, held->second.begin());
  if (held->second.empty()) held_.erase(held);
  count(first.front());
  ready_.merge(first, is_earlier);
}

void Buffer::release(const Rows& rows) {
  for (const Row& row : rows) {
    if (same_id_ == SameId::Reject) open_.erase(row.id());
    if (row.in_stage) {
      leave_stage(row);
    } else {
      release(row.hash);
    }
  }
}

void Buffer::leave_stage(const Row& row) {
  const auto staged = in_stage_.find(row.hash);
  if (staged == in_stage_.end()) return;
  staged->second.erase(row.given.front().sequence);
  if (staged->second.empty()) in_stage_.erase(staged);
  let_next_go(row.hash);
}

Buffer::Rows Buffer::drain() {
  List all;
  all.merge(ready_, is_earlier);
  all.merge(to_embed_, is_earlier);
  for (auto& [hash, rows] : held_) all.merge(rows, is_earlier);
  held_.clear();
  waiting_.clear();
  for (Row& row : all) discount(row);
  if (same_id_ == SameId::Reject) open_.clear();
  return Rows(std::move_iterator(all.begin()), std::move_iterator(all.end()));
}

}  // namespace chroma::bulk

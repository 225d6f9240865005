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

Row* Buffer::push(Row row) {
  if (same_id_ == SameId::Reject) open_.insert(row.id());
  if (same_id_ == SameId::KeepLast) {
    if (Row* earlier = join(row)) return earlier;
  }
  count(row);
  ready_.push_back(std::move(row));
  if (same_id_ == SameId::KeepLast) waiting_.insert_or_assign(ready_.back().hash, std::prev(ready_.end()));
  return nullptr;
}

Row* Buffer::join(Row& row) {
  const auto found = waiting_.find(row.hash);
  if (found == waiting_.end()) return nullptr;
  Row& earlier = *found->second;
  if (earlier.id() != row.id()) return nullptr;
  const bool merge = operation_ == BulkOperation::Upsert || operation_ == BulkOperation::Update;
  earlier.join(std::move(row), merge);
  if (earlier.counted_memory > 0) count(earlier);
  return &earlier;
}

void Buffer::forget(const Row& row) {
  const auto found = waiting_.find(row.hash);
  if (found != waiting_.end() && &*found->second == &row) waiting_.erase(found);
}

bool Buffer::may_go(const Row& row) const {
  if (busy_.contains(row.hash)) return false;
  const auto held = held_.find(row.hash);
  return held == held_.end() || is_earlier(row, held->second.front());
}

bool Buffer::passes(List::iterator row, const Check& check, const Refuse& refuse) {
  if (std::exchange(row->checked, true)) return true;
  auto fault = check(*row);
  if (!fault) return true;
  forget(*row);
  discount(*row);
  if (same_id_ == SameId::Reject) open_.erase(row->id());
  Row refused = std::move(*row);
  ready_.erase(row);
  if (!busy_.contains(refused.hash)) let_next_go(refused.hash);
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
    } else if (passes(row, check, refuse)) {
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

void Buffer::release(std::uint64_t hash) {
  const auto busy = busy_.find(hash);
  if (busy == busy_.end() || --busy->second > 0) return;
  busy_.erase(busy);
  let_next_go(hash);
}

void Buffer::let_next_go(std::uint64_t hash) {
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
    release(row.hash);
  }
}

Buffer::Rows Buffer::drain() {
  List all;
  all.merge(ready_, is_earlier);
  for (auto& [hash, rows] : held_) all.merge(rows, is_earlier);
  held_.clear();
  waiting_.clear();
  for (Row& row : all) discount(row);
  if (same_id_ == SameId::Reject) open_.clear();
  return Rows(std::move_iterator(all.begin()), std::move_iterator(all.end()));
}

}  // namespace chroma::bulk

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

Row* Buffer::push(Rows one) {
  Row& row = one.front();
  if (same_id_ == SameId::Reject) open_.insert(row.id());
  if (same_id_ == SameId::KeepLast) {
    Row*& waiting = places_[row.hash].waiting;
    if (waiting != nullptr && join(*waiting, row)) return waiting;
    waiting = &row;
  }
  row.in_stage = needs_embedding(row);
  if (row.in_stage) {
    in_stage_[row.hash].insert(row.given.front().sequence);
    to_embed_.splice(to_embed_.end(), one);
  } else {
    count(row);
    ready_.splice(ready_.end(), one);
  }
  return nullptr;
}

bool Buffer::may_join(const Row& earlier, const Row& later) const {
  if (earlier.id() != later.id()) return false;
  if (earlier.in_stage || !needs_embedding(later)) return true;
  // The earlier row does not return to the stage. Without a document, the later one needs no other embedding.
  const bool merges = operation_ == BulkOperation::Upsert || operation_ == BulkOperation::Update;
  return merges && !sparse_ && later.document() == nullptr && earlier.embedding().has_value();
}

bool Buffer::join(Row& earlier, Row& later) {
  if (!may_join(earlier, later)) return false;
  const bool merge = operation_ == BulkOperation::Upsert || operation_ == BulkOperation::Update;
  const bool replaces_document = later.document() != nullptr && !later.embedding();
  earlier.join(std::move(later), merge);
  // The embedding that the earlier row was given belongs to another document.
  if (earlier.in_stage && merge && replaces_document && earlier.embedding() && has_function_())
    earlier.set_embedding(std::nullopt);
  if (earlier.counted_memory > 0) count(earlier);
  return true;
}

void Buffer::erase_if_unused(Places::iterator place) {
  if (place->second.waiting == nullptr && place->second.busy == 0) places_.erase(place);
}

void Buffer::forget(const Row& row) {
  const auto place = places_.find(row.hash);
  if (place == places_.end() || place->second.waiting != &row) return;
  place->second.waiting = nullptr;
  erase_if_unused(place);
}

bool Buffer::may_go(const Row& row) const {
  const auto place = places_.find(row.hash);
  if (place != places_.end() && place->second.busy > 0) return false;
  const auto staged = in_stage_.find(row.hash);
  if (staged != in_stage_.end() && *staged->second.begin() < row.given.front().sequence) return false;
  const auto held = held_.find(row.hash);
  return held == held_.end() || is_earlier(row, held->second.front());
}

bool Buffer::passes(Rows& list, Rows::iterator row, const Check& check, const Refuse& refuse) {
  if (std::exchange(row->checked, true)) return true;
  auto fault = check(*row);
  if (!fault) return true;
  forget(*row);
  discount(*row);
  if (same_id_ == SameId::Reject) open_.erase(row->id());
  Rows refused;
  refused.splice(refused.end(), list, row);
  if (row->in_stage) {
    leave_stage(*row);
  } else {
    let_next_go(row->hash);
  }
  refuse(std::move(refused), std::move(*fault));
  return false;
}

Rows Buffer::take(const BatchLimits& limits, bool base64, const Check& check, const Refuse& refuse) {
  Rows taken;
  BatchSize size(operation_);
  for (auto row = ready_.begin(); row != ready_.end() && size.rows() < limits.rows;) {
    const auto next = std::next(row);
    if (!may_go(*row)) {
      discount(*row);
      Rows one;
      one.splice(one.end(), ready_, row);
      held_[one.front().hash].merge(one, is_earlier);
    } else if (passes(ready_, row, check, refuse)) {
      const RowSizes& sizes = row->sizes(base64, scratch_);
      if (!size.fits(sizes, limits)) break;
      size.add(sizes);
      Place& place = places_[row->hash];
      ++place.busy;
      if (place.waiting == &*row) place.waiting = nullptr;
      discount(*row);
      taken.splice(taken.end(), ready_, row);
    }
    row = next;
  }
  return taken;
}

Rows Buffer::take_to_embed(std::size_t most, const Check& check, const Refuse& refuse) {
  Rows taken;
  Rows passed;  // They were joined with rows that have embeddings.
  for (auto row = to_embed_.begin(); row != to_embed_.end() && taken.size() < most;) {
    const auto next = std::next(row);
    const bool has_embedding = row->embedding().has_value();
    if (!needs_embedding(*row)) {
      passed.splice(passed.end(), to_embed_, row);
    } else if (taken.empty() || taken.front().embedding().has_value() == has_embedding) {
      if (passes(to_embed_, row, check, refuse)) {
        forget(*row);
        taken.splice(taken.end(), to_embed_, row);
      }
    }
    row = next;
  }
  leave_stage(passed);
  return taken;
}

void Buffer::embedded(Rows rows) {
  // What was made is checked, too. Later rows are not joined with these, because another one may be between
  // them.
  for (Row& row : rows) row.checked = false;
  leave_stage(rows);
}

void Buffer::leave_stage(Rows& rows) {
  for (Row& row : rows) {
    leave_stage(row);
    row.in_stage = false;
    count(row);
  }
  ready_.merge(rows, is_earlier);
}

void Buffer::release(std::uint64_t hash) {
  const auto place = places_.find(hash);
  if (place == places_.end() || place->second.busy == 0 || --place->second.busy > 0) return;
  erase_if_unused(place);
  let_next_go(hash);
}

void Buffer::let_next_go(std::uint64_t hash) {
  const auto held = held_.find(hash);
  if (held == held_.end()) return;
  const auto place = places_.find(hash);
  if (place != places_.end() && place->second.busy > 0) return;
  Rows first = take_first(held->second, 1);
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

Rows Buffer::drain() {
  Rows all;
  all.merge(ready_, is_earlier);
  all.merge(to_embed_, is_earlier);
  for (auto& [hash, rows] : held_) all.merge(rows, is_earlier);
  held_.clear();
  for (auto& [hash, place] : places_) place.waiting = nullptr;
  for (Row& row : all) discount(row);
  if (same_id_ == SameId::Reject) open_.clear();
  return all;
}

}  // namespace chroma::bulk

#include "bulk/positions.hpp"

#include <algorithm>
#include <iterator>

namespace chroma::bulk {

bool StoredPositions::contains(std::uint64_t position) const noexcept {
  if (position < low_water) return true;
  const auto after =
      std::ranges::upper_bound(ranges, position, {}, &std::pair<std::uint64_t, std::uint64_t>::first);
  return after != ranges.begin() && position <= std::prev(after)->second;
}

void PositionLog::given(std::uint64_t position) noexcept {
  any_given_ = true;
  highest_given_ = std::max(highest_given_, position);
}

void PositionLog::stored(std::uint64_t sequence, std::uint64_t position) {
  auto next = ranges_.upper_bound(sequence);
  Range range{sequence, position, position};
  std::uint64_t first = sequence;
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (before->second.last_sequence + 1 == sequence) {
      first = before->first;
      range.first_position = before->second.first_position;
    }
  }
  if (next != ranges_.end() && next->first == sequence + 1) {
    range.last_sequence = next->second.last_sequence;
    range.last_position = next->second.last_position;
    ranges_.erase(next);
  }
  ranges_.insert_or_assign(first, range);
}

StoredPositions PositionLog::snapshot() const {
  StoredPositions now;
  now.low_water = previous_.low_water;
  for (const auto& [first, range] : ranges_) {
    if (first == 0) {
      now.low_water = std::max(now.low_water, range.last_position + 1);
    } else if (range.last_position >= now.low_water) {
      now.ranges.emplace_back(std::max(range.first_position, now.low_water), range.last_position);
    }
  }
  // What an earlier run stored of the part that has not been given again.
  for (const auto& [first, last] : previous_.ranges) {
    if (any_given_ && last <= highest_given_) continue;
    const auto begin = any_given_ ? std::max(first, highest_given_ + 1) : first;
    if (last >= now.low_water) now.ranges.emplace_back(std::max(begin, now.low_water), last);
  }
  return now;
}

}  // namespace chroma::bulk

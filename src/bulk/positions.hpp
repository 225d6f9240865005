#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace chroma::bulk {

/// Which positions of a source are stored: all below the low-water mark, and ranges above it.
struct StoredPositions {
  std::uint64_t low_water = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  ///< First and last, rising, apart.

  [[nodiscard]] bool contains(std::uint64_t position) const noexcept;
  friend bool operator==(const StoredPositions&, const StoredPositions&) = default;
};

/// Keeps track of what is stored while records are given in the order of their positions. Positions need not
/// be adjacent: no record lies between the positions of two records that were given one after the other.
class PositionLog {
 public:
  explicit PositionLog(StoredPositions previous = {}) : previous_(std::move(previous)) {}

  /// True if an earlier run has stored it.
  [[nodiscard]] bool was_stored(std::uint64_t position) const noexcept {
    return previous_.contains(position);
  }
  void given(std::uint64_t position) noexcept;
  void stored(std::uint64_t sequence, std::uint64_t position);
  [[nodiscard]] StoredPositions snapshot() const;
  [[nodiscard]] const StoredPositions& previous() const noexcept { return previous_; }

 private:
  struct Range {
    std::uint64_t last_sequence;
    std::uint64_t first_position;
    std::uint64_t last_position;
  };

  StoredPositions previous_;
  std::map<std::uint64_t, Range> ranges_;  // By the sequence number of their first record.
  bool any_given_ = false;
  std::uint64_t highest_given_ = 0;
};

}  // namespace chroma::bulk

#include <chroma/read_level.hpp>

#include <ostream>

namespace chroma {

const char* to_string(ReadLevel level) noexcept {
  switch (level) {
    case ReadLevel::IndexAndWal:
      return "index_and_wal";
    case ReadLevel::IndexOnly:
      return "index_only";
    case ReadLevel::IndexAndBoundedWal:
      return "index_and_bounded_wal";
  }
  return "index_and_wal";
}

std::ostream& operator<<(std::ostream& out, ReadLevel level) {
  return out << to_string(level);
}

}  // namespace chroma

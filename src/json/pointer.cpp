#include "json/reader.hpp"

#include <vector>

namespace chroma::json {

std::string json_pointer(std::string_view text, std::size_t position) {
  struct Level {
    bool array;
    std::size_t index;
    std::string key;
    bool has_key;
  };
  std::vector<Level> levels;
  bool at_key = false;
  for (std::size_t i = 0; i < position;) {
    char c = text[i];
    switch (c) {
      case '[':
        levels.push_back({true, 0, {}, true});
        at_key = false;
        break;
      case '{':
        levels.push_back({false, 0, {}, false});
        at_key = true;
        break;
      case ']':
      case '}':
        if (!levels.empty()) levels.pop_back();
        at_key = false;
        break;
      case ',':
        if (!levels.empty()) {
          ++levels.back().index;
          at_key = !levels.back().array;
        }
        break;
      case '"': {
        std::size_t begin = ++i;
        while (i < position && text[i] != '"') i += text[i] == '\\' ? 2U : 1U;
        // The position is inside of this string.
        if (i >= position) break;
        if (at_key) {
          Reader key(text.substr(begin - 1, i + 2 - begin));
          levels.back().key = key.string();
          levels.back().has_key = true;
          at_key = false;
        }
        break;
      }
      default:
        break;
    }
    ++i;
  }
  std::string pointer;
  for (const Level& level : levels) {
    if (!level.has_key) break;
    pointer.push_back('/');
    if (level.array) {
      pointer += std::to_string(level.index);
      continue;
    }
    for (char c : level.key) {
      if (c == '~') {
        pointer += "~0";
      } else if (c == '/') {
        pointer += "~1";
      } else {
        pointer.push_back(c);
      }
    }
  }
  return pointer;
}

}  // namespace chroma::json

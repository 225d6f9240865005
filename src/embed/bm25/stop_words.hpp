#pragma once

#include <string>
#include <vector>

namespace chroma::embed::bm25 {

/// The 179 English stop words of NLTK, as all Chroma clients have them.
[[nodiscard]] std::vector<std::string> default_stop_words();

}  // namespace chroma::embed::bm25

#pragma once

#include <memory>
#include <string_view>

struct sb_stemmer;

namespace chroma::embed::bm25 {

/// The English Snowball stemmer. It stores its last result, so only one thread may use it
/// at a time.
class Stemmer {
 public:
  Stemmer();

  /// The stem of a lower-case word in UTF-8, valid until the next call.
  [[nodiscard]] std::string_view stem(std::string_view word);

 private:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const noexcept;
  };
  std::unique_ptr<sb_stemmer, Delete> stemmer_;
};

}  // namespace chroma::embed::bm25

#include "codec/embeddings.hpp"
#include "core/base64.hpp"
#include "json/fraction_parsers.hpp"
#include "json/number_text.hpp"
#include "json/parse_fraction.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma {
namespace {

/// Collects the rows in one vector.
class Matrix {
 public:
  Matrix(json::Reader& in, std::size_t rows) : in_(in), expected_rows_(rows) {}

  void read_row() {
    const char* begin = in_.cursor();
    const std::size_t offset = used_;
    if (in_.peek() == json::Reader::Kind::string) {
      read_base64();
    } else {
      in_.begin_array();
      if (in_.next_element()) read_numbers();
    }
    const std::size_t length = used_ - offset;
    if (!dimension_) set_dimension(length, static_cast<std::size_t>(in_.cursor() - begin));
    uniform_ = uniform_ && length == *dimension_;
    lengths_.emplace_back(length);
  }

  void skip_row() {
    uniform_ = false;
    lengths_.emplace_back(std::nullopt);
  }

  [[nodiscard]] Embeddings take() {
    values_.resize(used_);
    if (uniform_ && dimension_.value_or(0) > 0) return Embeddings(std::move(values_), *dimension_);
    return Embeddings::from_flat(std::move(values_), lengths_);
  }

 private:
  // One loop over the text of the row: a call of the reader for each number would double the time of large
  // responses.
  void read_numbers() {
    const char* const end = in_.end();
    const char* p = in_.cursor();
    for (;;) {
      p = read_usual(p, end);
      p = json::skip_space(p, end);
      float value = 0;
      const char* behind = json::parse_float32(p, end, value);
      if (behind == nullptr) {
        in_.seek(p);
        value = in_.float32();  // throws an error that describes the text
        behind = in_.cursor();
      }
      push_back(value);
      p = json::skip_space(behind, end);
      if (p == end || *p != ',') break;
      ++p;
    }
    in_.seek(p);
    static_cast<void>(in_.next_element());  // the closing bracket, or an error
  }

  // Reads numbers of the usual form that are followed by a comma, while there is room for them; returns the
  // end of the last one.
  const char* read_usual(const char* p, const char* end) noexcept {
    p = read_fours(p, end);
    float* out = values_.data() + used_;
    float* const out_end = out + std::min(values_.size() - used_, numbers_between_fours);
    while (out < out_end && end - p >= json::fraction_text) {
      const char* behind = json::parse_fraction(p, *out);
      if (behind == nullptr || *behind != ',') break;
      ++out;
      p = behind + 1;
    }
    used_ = static_cast<std::size_t>(out - values_.data());
    return p;
  }

  // Uses vector instructions if the processor has them. If they could not read the text, they are tried again
  // only after `numbers_between_fours` numbers.
  const char* read_fours(const char* p, const char* end) noexcept {
    if (used_ < next_fours_) return p;
    const char* const begin = in_.cursor() - in_.offset();
    auto offset = static_cast<std::size_t>(p - begin);
    const std::size_t count = parse_fours_(std::string_view(begin, static_cast<std::size_t>(end - begin)),
                                           offset, std::span(values_).subspan(used_));
    used_ += count;
    if (count == 0) next_fours_ = used_ + numbers_between_fours;
    return begin + offset;
  }

  void read_base64() {
    const char* begin = in_.cursor();
    in_.string(text_);
    const auto bytes = core::base64_decode(text_);
    if (!bytes) in_.fail_at(begin, "an embedding must be an array of numbers or base64");
    if (bytes->size() % sizeof(float) != 0) {
      in_.fail_at(begin, std::to_string(bytes->size()) +
                             " bytes of base64 are not a multiple of the size of a float");
    }
    for (std::size_t i = 0; i < bytes->size(); i += sizeof(float)) {
      std::uint32_t bits = 0;
      for (std::size_t k = sizeof(float); k > 0; --k) {
        bits = bits << 8 | static_cast<unsigned char>((*bytes)[i + k - 1]);
      }
      push_back(std::bit_cast<float>(bits));
    }
  }

  void push_back(float value) {
    if (used_ == values_.size()) values_.resize(used_ + std::clamp<std::size_t>(used_, 8, 4096));
    values_[used_++] = value;
  }

  // Reserves memory for the following rows, so that the vector does not grow by copying.
  void set_dimension(std::size_t length, std::size_t row_text) {
    dimension_ = length;
    if (length == 0) return;
    const auto left = static_cast<std::size_t>(in_.end() - in_.cursor());
    std::size_t rows = expected_rows_ > 0 ? expected_rows_ : left / row_text + 1;
    // A number and its comma have at least two characters.
    rows = std::min(rows, left / 2 / length + 1);
    in_.reserve(values_, rows * length);
  }

  static constexpr std::size_t numbers_between_fours = 16;

  json::Reader& in_;
  std::size_t expected_rows_;
  decltype(json::FractionParser::parse) parse_fours_ = json::best_fraction_parser().parse;
  std::size_t next_fours_ = 0;  // at how many values
  // Values after `used_` are zeros. The vector grows in small steps, so that the time is linear in the
  // numbers read.
  std::vector<float> values_;
  std::size_t used_ = 0;
  std::vector<std::optional<std::size_t>> lengths_;
  std::optional<std::size_t> dimension_;
  bool uniform_ = true;
  std::string text_;
};

}  // namespace

Embeddings read_embeddings(json::Reader& in, std::size_t rows) {
  Matrix matrix(in, rows);
  in.begin_array();
  while (in.next_element()) {
    if (in.take_null()) {
      matrix.skip_row();
    } else {
      matrix.read_row();
    }
  }
  return matrix.take();
}

}  // namespace chroma

#include "codec/read_embeddings.hpp"

#include "codec/number_text.hpp"
#include "codec/parse_fraction.hpp"
#include "core/base64.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chroma::codec {
namespace {

/// The rows read so far, end to end.
class Matrix {
 public:
  Matrix(JsonReader& in, std::size_t rows) : in_(in), expected_rows_(rows) {}

  void read_row() {
    const char* begin = in_.cursor();
    const std::size_t offset = values_.size();
    if (in_.peek() == JsonReader::Kind::string) {
      read_base64();
    } else {
      in_.begin_array();
      if (in_.next_element()) read_numbers();
    }
    const std::size_t length = values_.size() - offset;
    if (lengths_.empty() || !dimension_)
      set_dimension(length, static_cast<std::size_t>(in_.cursor() - begin));
    uniform_ = uniform_ && length == *dimension_;
    lengths_.emplace_back(length);
  }

  void skip_row() {
    uniform_ = false;
    lengths_.emplace_back(std::nullopt);
  }

  [[nodiscard]] Embeddings take() {
    if (uniform_ && dimension_.value_or(0) > 0) return Embeddings(std::move(values_), *dimension_);
    return Embeddings::from_flat(std::move(values_), lengths_);
  }

 private:
  // One loop over the row's text: a pull a number would double the time of large answers.
  void read_numbers() {
    const std::size_t offset = values_.size();
    const std::size_t expected = dimension_.value_or(0);
    values_.resize(offset + expected);
    std::size_t count = 0;
    const char* const end = in_.end();
    const char* p = in_.cursor();
    for (;;) {
      p = read_usual(p, end, std::span(values_).subspan(offset, expected), count);
      p = skip_space(p, end);
      float value = 0;
      const char* behind = parse_float32(p, end, value);
      if (behind == nullptr) {
        in_.seek(p);
        value = in_.float32();  // throws and says what stands there
        behind = in_.cursor();
      }
      if (count < expected) {
        values_[offset + count] = value;
      } else {
        values_.push_back(value);
      }
      ++count;
      p = skip_space(behind, end);
      if (p == end || *p != ',') break;
      ++p;
    }
    values_.resize(offset + count);
    in_.seek(p);
    static_cast<void>(in_.next_element());  // the closing bracket, or an error
  }

  // As many numbers as have the usual form with a comma behind them; returns the place after the last.
  static const char* read_usual(const char* p, const char* end, std::span<float> into,
                                std::size_t& count) noexcept {
    float* out = into.data() + count;
    float* const out_end = into.data() + into.size();
    while (out < out_end && end - p >= fraction_text) {
      const char* behind = parse_fraction(p, *out);
      if (behind == nullptr || *behind != ',') break;
      ++out;
      p = behind + 1;
    }
    count = static_cast<std::size_t>(out - into.data());
    return p;
  }

  void read_base64() {
    const char* begin = in_.cursor();
    in_.string(text_);
    const auto bytes = core::base64_decode(text_);
    if (!bytes) in_.fail_at(begin, "an embedding that is neither numbers nor base64");
    if (bytes->size() % sizeof(float) != 0) {
      in_.fail_at(begin, std::to_string(bytes->size()) + " bytes of base64 are no row of 32-bit floats");
    }
    for (std::size_t i = 0; i < bytes->size(); i += sizeof(float)) {
      std::uint32_t bits = 0;
      for (std::size_t k = sizeof(float); k > 0; --k) {
        bits = bits << 8 | static_cast<unsigned char>((*bytes)[i + k - 1]);
      }
      values_.push_back(std::bit_cast<float>(bits));
    }
  }

  // Memory for the rows to come, so that the vector does not grow by copying. No number takes less than two
  // characters, so that a hostile text cannot ask for more than it could fill.
  void set_dimension(std::size_t length, std::size_t row_text) {
    dimension_ = length;
    const auto left = static_cast<std::size_t>(in_.end() - in_.cursor());
    const std::size_t rows =
        expected_rows_ > 0 ? expected_rows_ : left / std::max<std::size_t>(row_text, 1) + 1;
    if (length == 0 || rows > left / 2 / length + 1) return;
    values_.reserve(rows * length);
  }

  static const char* skip_space(const char* p, const char* end) noexcept {
    while (p != end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')) ++p;
    return p;
  }

  JsonReader& in_;
  std::size_t expected_rows_;
  std::vector<float> values_;
  std::vector<std::optional<std::size_t>> lengths_;
  std::optional<std::size_t> dimension_;
  bool uniform_ = true;
  std::string text_;
};

}  // namespace

Embeddings read_embeddings(JsonReader& in, std::size_t rows) {
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

}  // namespace chroma::codec

// Random values are encoded and decoded unchanged; random filters are printed and parsed unchanged.
#include "types/metadata_json.hpp"
#include "types/where_json.hpp"

#include <chroma/error.hpp>
#include <chroma/key.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace chroma;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
  }
  bool flag() { return below(2) == 0; }
  std::int64_t integer() { return static_cast<std::int64_t>(engine_() >> below(64)); }
  double number() {
    for (;;) {
      auto value = std::bit_cast<double>(engine_());
      if (std::isfinite(value)) return value;
    }
  }
  float single() {
    for (;;) {
      auto value = std::bit_cast<float>(static_cast<std::uint32_t>(engine_()));
      if (std::isfinite(value)) return value;
    }
  }
  std::string text() {
    constexpr const char* pieces[] = {"a", "Z", "\"", "\\", "\n", "\x01", "é",
                                      "€", "😀", "/",  "#",  "$",  " ",    "\x7f"};
    std::string text;
    for (std::size_t i = below(12); i > 0; --i) text += pieces[below(std::size(pieces))];
    return text;
  }
  template <class Make>
  auto several(Make make, std::size_t least = 0) {
    std::vector<decltype(make())> values;
    for (std::size_t i = least + below(4); i > 0; --i) values.push_back(make());
    return values;
  }

 private:
  std::mt19937_64 engine_;
};

SparseVector sparse_vector(Random& random) {
  SparseVector vector;
  if (random.flag()) {
    return SparseVector::from_triples(random.several([&] {
      return std::tuple(random.text(), static_cast<std::uint32_t>(random.below(1000)), random.single());
    }));
  }
  return SparseVector::from_pairs(random.several(
      [&] { return std::pair(static_cast<std::uint32_t>(random.below(1000)), random.single()); }));
}

// Arrays have at least one element, because JSON does not have the type of an empty array.
MetadataValue value(Random& random) {
  switch (random.below(9)) {
    case 0:
      return random.flag();
    case 1:
      return random.integer();
    case 2:
      return random.number();
    case 3:
      return random.text();
    case 4:
      return sparse_vector(random);
    case 5:
      return random.several([&] { return random.flag(); }, 1);
    case 6:
      return random.several([&] { return random.integer(); }, 1);
    case 7:
      return random.several([&] { return random.number(); }, 1);
    default:
      return random.several([&] { return random.text(); }, 1);
  }
}

TEST(RoundTrip, Metadata) {
  Random random(1);
  for (int i = 0; i < 5'000; ++i) {
    Metadata metadata;
    for (std::size_t k = random.below(5); k > 0; --k) metadata[random.text()] = value(random);
    const core::Buffer text = json::encode(metadata);
    ASSERT_EQ(json::decode<Metadata>(text.view()), metadata) << text.view();
    UpdateMetadata update(metadata.begin(), metadata.end());
    update[random.text()] = nullptr;
    const core::Buffer update_text = json::encode(update);
    ASSERT_EQ(json::decode<UpdateMetadata>(update_text.view()), update) << update_text.view();
  }
}

// Filters that the grammar accepts: no reserved first character in keys, only numbers in order comparisons,
// no empty sets.
Where leaf(Random& random) {
  Key key = Key::field("k" + random.text());
  switch (random.below(8)) {
    case 0:
      return key == random.text();
    case 1:
      return key != random.flag();
    case 2:
      return key >= random.number();
    case 3:
      return key < random.integer();
    case 4:
      return key.is_in(random.several([&] { return random.number(); }, 1));
    case 5:
      return key.not_in(random.several([&] { return random.text(); }, 1));
    case 6:
      return key.contains_value(random.integer());
    default:
      return random.flag() ? Key::Document.contains(random.text())
                           : Key::Document.not_regex("x[a-z]*" + std::string(random.below(3), 'y'));
  }
}

Where filter(Random& random, int depth) {
  if (depth == 0 || random.below(3) == 0) return leaf(random);
  std::vector<Where> children;
  for (std::size_t i = random.below(4); i > 0; --i) children.push_back(filter(random, depth - 1));
  return Where(
      CompositeExpression(random.flag() ? BooleanOperator::And : BooleanOperator::Or, std::move(children)));
}

TEST(RoundTrip, Filters) {
  Random random(2);
  for (int i = 0; i < 3'000; ++i) {
    Where where = filter(random, 5);
    std::string text = where.to_json();
    ASSERT_EQ(Where::parse(text), where) << text;
    ASSERT_EQ(Where::parse(text).to_json(), text);
  }
}

// After any change of a valid text, parsing either succeeds or throws the library's error.
TEST(RoundTrip, BrokenTextsAreRefusedCleanly) {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = filter(random, 3).to_json();
    switch (random.below(3)) {
      case 0:
        text.resize(random.below(text.size() + 1));
        break;
      case 1:
        if (!text.empty()) text[random.below(text.size())] = static_cast<char>(random.below(256));
        break;
      default:
        text.insert(random.below(text.size() + 1), 1, "{}[],:\"\\0-e"[random.below(11)]);
    }
    try {
      Where where = Where::parse(text);
      ASSERT_EQ(Where::parse(where.to_json()), where) << text;
    } catch (const ChromaHttpClientError& error) {
      ASSERT_TRUE(error.is<InvalidWhere>()) << text << ": " << error.what();
    }
  }
}

}  // namespace

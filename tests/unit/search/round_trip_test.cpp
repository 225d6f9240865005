// Random values, written, read back and compared.
#include "unit/search/text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace chroma {
namespace {

/// The same values in every run.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  bool coin() { return below(2) == 0; }
  /// Any finite 32-bit float by its bits, including subnormals and the largest floats.
  float number() {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(engine_()));
    return std::isfinite(value) ? value : 0.5F;
  }
  std::string text() {
    static const char* const parts[] = {"a", "\"", "\\", "\n", "é", "漢", "😀", "#", "$", " "};
    std::string result = "k";
    for (auto n = below(5); n > 0; --n) result += parts[below(10)];
    return result;
  }
  template <class T, class Make>
  std::optional<T> maybe(Make make) {
    return coin() ? std::optional<T>(make()) : std::nullopt;
  }

 private:
  std::mt19937 engine_;
};

Knn any_knn(Random& random) {
  Knn knn;
  if (random.coin()) {
    std::vector<float> dense(random.below(4));
    for (auto& value : dense) value = random.number();
    knn = Knn(std::move(dense));
  } else {
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    for (auto n = random.below(4); n > 0; --n) {
      indices.push_back(random.below(4294967295U));
      values.push_back(random.number());
    }
    knn = Knn(SparseVector(std::move(indices), std::move(values)));
  }
  knn.key(random.coin() ? Key::Embedding : Key(random.text()))
      .limit(random.below(1000))
      .return_rank(random.coin());
  return knn.default_score(random.maybe<float>([&] { return random.number(); }));
}

RankExpr any_rank(Random& random, int depth) {
  if (depth == 0 || random.below(5) == 0) {
    return random.coin() ? RankExpr(random.number()) : RankExpr(any_knn(random));
  }
  const auto operand = [&] { return any_rank(random, depth - 1); };
  switch (random.below(11)) {
    case 0:
      return operand() + operand();
    case 1:
      return operand() * operand();
    case 2:
      return operand() - operand();
    case 3:
      return operand() / operand();
    case 4:
      return operand().max(operand());
    case 5:
      return operand().min(operand());
    case 6:
      return -operand();
    case 7:
      return operand().exp();
    case 8:
      return operand().log();
    case 9:
      return operand().abs();
    default:
      return RankExpr(RankOperation(RankOperator::Sum, {operand(), operand(), operand()}));
  }
}

TEST(RoundTrip, Ranks) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto rank = any_rank(random, 6);
    const auto text = json_of(rank);
    const auto read = codec::decode<RankExpr>(text);
    ASSERT_EQ(read, rank) << text;
    ASSERT_EQ(json_of(read), text);
  }
}

std::vector<Key> any_keys(Random& random) {
  std::vector<Key> keys;
  for (auto n = random.below(4); n > 0; --n) keys.push_back(random.coin() ? Key::Score : Key(random.text()));
  return keys;
}

TEST(RoundTrip, Searches) {
  Random random(2);
  for (int i = 0; i < 500; ++i) {
    auto search = SearchPayload()
                      .rank(random.maybe<RankExpr>([&] { return any_rank(random, 3); }))
                      .limit(random.maybe<std::uint64_t>([&] { return random.below(100); }))
                      .offset(random.below(100))
                      .select(any_keys(random))
                      .group_by(GroupBy(any_keys(random), random.maybe<Aggregate>([&] {
                        return random.coin() ? Aggregate::min_k(any_keys(random), random.below(9))
                                             : Aggregate::max_k(any_keys(random), random.below(9));
                      })));
    if (random.coin()) search.where(Key(random.text()) == random.text() && Key(random.text()) != 2.0);
    const SearchRequest request({search}, random.coin() ? ReadLevel::IndexOnly : ReadLevel::IndexAndWal);
    ASSERT_EQ(codec::decode<SearchRequest>(json_of(request)), request) << json_of(request);
  }
}

/// Keys that this version does not know, with values of every form.
UnknownKeys unknown(Random& random) {
  static const char* const values[] = {"null", "1",    "2.50", "\"x\\u00e4\"", "[1, {\"a\":[]}]",
                                       "{ }",  "1e400"};
  UnknownKeys keys;
  for (auto n = random.below(3); n > 0; --n) keys["later" + random.text()] = values[random.below(7)];
  return keys;
}

template <class Config>
Config any_config(Random& random) {
  Config config;
  config.unknown = unknown(random);
  if constexpr (std::is_same_v<Config, VectorIndexConfig>) {
    config.space = random.maybe<Space>([&] { return static_cast<Space>(random.below(3)); });
    config.source_key = random.maybe<std::string>([&] { return random.text(); });
    config.embedding_function = random.maybe<EmbeddingFunctionConfiguration>(
        [&] { return EmbeddingFunctionConfiguration::known(random.text(), R"({"a":[1.50]})"); });
    if (random.coin()) {
      auto& hnsw = config.hnsw.emplace();
      hnsw.ef_search = random.below(100);
      hnsw.resize_factor = static_cast<double>(random.number());
      hnsw.unknown = unknown(random);
    }
    if (random.coin()) {
      auto& spann = config.spann.emplace();
      spann.search_nprobe = random.below(100);
      spann.write_rng_epsilon = random.number();
      spann.quantize = random.coin() ? Quantization::Unquantized : Quantization::FourBitRabitQWithUSearch;
      spann.unknown = unknown(random);
    }
  } else if constexpr (std::is_same_v<Config, SparseVectorIndexConfig>) {
    config.bm25 = random.maybe<bool>([&] { return random.coin(); });
    config.embedding_function = random.maybe<EmbeddingFunctionConfiguration>([&] {
      return random.coin() ? EmbeddingFunctionConfiguration::legacy() : EmbeddingFunctionConfiguration();
    });
  }
  return config;
}

template <class Config>
std::optional<Index<Config>> any_index(Random& random) {
  if (random.coin()) return std::nullopt;
  Index<Config> index(random.coin(), any_config<Config>(random));
  index.unknown = unknown(random);
  return index;
}

ValueTypes any_types(Random& random) {
  ValueTypes types;
  types.unknown = unknown(random);
  if (random.coin()) {
    auto& type = types.string.emplace();
    type.fts_index = any_index<FtsIndexConfig>(random);
    type.string_inverted_index = any_index<StringInvertedIndexConfig>(random);
    type.unknown = unknown(random);
  }
  if (random.coin()) types.float_list.emplace().vector_index = any_index<VectorIndexConfig>(random);
  if (random.coin())
    types.sparse_vector.emplace().sparse_vector_index = any_index<SparseVectorIndexConfig>(random);
  if (random.coin()) types.int_.emplace().int_inverted_index = any_index<IntInvertedIndexConfig>(random);
  if (random.coin())
    types.float_.emplace().float_inverted_index = any_index<FloatInvertedIndexConfig>(random);
  if (random.coin()) types.bool_.emplace().bool_inverted_index = any_index<BoolInvertedIndexConfig>(random);
  return types;
}

TEST(RoundTrip, SchemasWithUnknownKeys) {
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    auto schema = Schema::empty();
    schema.defaults = any_types(random);
    for (auto n = random.below(4); n > 0; --n) schema.keys[random.text()] = any_types(random);
    schema.cmek = random.maybe<Cmek>([&] { return Cmek::gcp(random.text()); });
    schema.unknown = unknown(random);
    const auto text = json_of(schema);
    const auto read = codec::decode<Schema>(text);
    ASSERT_EQ(read, schema) << text;
    ASSERT_EQ(json_of(read), text);
  }
}

TEST(RoundTrip, ConfigurationsWithUnknownKeys) {
  Random random(4);
  for (int i = 0; i < 500; ++i) {
    CollectionConfiguration configuration;
    configuration.unknown = unknown(random);
    if (random.coin()) {
      auto& hnsw = configuration.hnsw.emplace();
      hnsw.space = random.maybe<Space>([&] { return static_cast<Space>(random.below(3)); });
      hnsw.resize_factor = static_cast<double>(random.number());
      hnsw.unknown = unknown(random);
    } else {
      auto& spann = configuration.spann.emplace();
      spann.search_nprobe = random.maybe<std::uint32_t>([&] { return random.below(200); });
      spann.unknown = unknown(random);
    }
    ASSERT_EQ(codec::decode<CollectionConfiguration>(json_of(configuration)), configuration)
        << json_of(configuration);
  }
}

}  // namespace
}  // namespace chroma

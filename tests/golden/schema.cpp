// C: schemas and configurations. The builders begin with Schema().
#include "codec/codec.hpp"
#include "codec/configuration.hpp"
#include "codec/index_config.hpp"
#include "golden/golden.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <map>

namespace golden::schema_cases {
namespace {

using namespace chroma;

template <class T>
std::string json_of(const T& value) {
  return std::string(codec::encode(value).view());
}

VectorIndexConfig cosine() {
  VectorIndexConfig config;
  config.space = Space::Cosine;
  return config;
}

SparseVectorIndexConfig bm25() {
  SparseVectorIndexConfig config;
  config.bm25 = true;
  return config;
}

const std::string& document() {
  static const std::string key = "#document";
  return key;
}

using Build = std::function<Schema()>;

Schema made(std::optional<std::string> key, IndexConfig config) {
  return Schema().create_index(std::move(key), std::move(config));
}
Schema cut(std::optional<std::string> key, IndexConfig config) {
  return Schema().delete_index(std::move(key), std::move(config));
}

/// Cases that change the default schema.
const std::map<std::string, Build>& builders() {
  static const std::map<std::string, Build> all = {
      {"C05", [] { return made(std::nullopt, cosine()); }},
      {"C07", [] { return made("k", VectorIndexConfig()); }},
      {"C08", [] { return made("category", StringInvertedIndexConfig()); }},
      {"C10", [] { return cut(std::nullopt, IntInvertedIndexConfig()); }},
      {"C11",
       [] { return made("f", FloatInvertedIndexConfig()).create_index("b", BoolInvertedIndexConfig()); }},
      {"C13", [] { return made(document(), FtsIndexConfig()); }},
      {"C14", [] { return cut(document(), FtsIndexConfig()); }},
      {"C16", [] { return made(std::nullopt, SparseVectorIndexConfig()); }},
      {"C17", [] { return made("sp", bm25()); }},
      {"C19", [] { return made("sp", bm25()).create_index("sp", bm25()); }},
      {"C20", [] { return cut("sp", SparseVectorIndexConfig()); }},
      {"C22", [] { return made("#embedding", StringInvertedIndexConfig()); }},
      {"C23", [] { return made(document(), StringInvertedIndexConfig()); }},
      {"C25", [] { return made("#embedding", FtsIndexConfig()); }},
      {"C26", [] { return made("#embedding", SparseVectorIndexConfig()); }},
  };
  return all;
}

HnswConfiguration all_set() {
  HnswConfiguration config;
  config.space = Space::Ip;
  config.ef_construction = 1;
  config.ef_search = 2;
  config.max_neighbors = 3;
  config.num_threads = 4;
  config.resize_factor = 1.5;
  config.sync_threshold = 6;
  config.batch_size = 7;
  return config;
}

HnswIndexConfig some_hnsw() {
  HnswIndexConfig config;
  config.ef_search = 50;
  config.resize_factor = 1.2;
  return config;
}

SpannIndexConfig some_spann() {
  SpannIndexConfig config;
  config.search_nprobe = 10;
  config.write_rng_epsilon = 5.5F;
  config.quantize = Quantization::FourBitRabitQWithUSearch;
  return config;
}

UpdateCollectionConfiguration update() {
  UpdateCollectionConfiguration config;
  config.hnsw.emplace().ef_search = 5;
  return config;
}

std::string patterns() {
  const bool good = Cmek::gcp("projects/p/locations/l/keyRings/r/cryptoKeys/k").validate_pattern();
  const bool bad = Cmek::gcp("bad").validate_pattern();
  return std::string(good ? "true" : "false") + (bad ? " true" : " false");
}

using Print = std::function<std::string()>;

const std::map<std::string, Print>& prints() {
  using Function = EmbeddingFunctionConfiguration;
  static const std::map<std::string, Print> all = {
      {"C01", [] { return json_of(Schema()); }},
      {"C02", [] { return json_of(Schema::new_default(Schema::VectorIndexKind::Spann)); }},
      {"C28", [] { return json_of(Cmek::gcp("x")); }},
      {"C31", [] { return json_of(Function::unknown()); }},
      {"C32", [] { return json_of(Function::known("n", R"({"a":1})")); }},
      {"C34", [] { return json_of(HnswIndexConfig()); }},
      {"C35", [] { return json_of(some_hnsw()); }},
      {"C37", [] { return json_of(some_spann()); }},
      {"C38", [] { return json_of(HnswConfiguration()); }},
      {"C40", [] { return json_of(CollectionConfiguration()); }},
      {"C41", [] { return json_of(CollectionConfiguration::default_hnsw()); }},
      {"C43", [] { return json_of(update()); }},
      {"C44", [] { return json_of(all_set()); }},
  };
  return all;
}

/// Differs from the crate: it sends the number of the client's processors, this library leaves the value
/// unset.
void check_default_hnsw(const golden::Case& one) {
  auto expected = one.expect;
  const std::string threads = R"("num_threads":"<host cpu count>",)";
  for (auto at = expected.find(threads); at != std::string::npos; at = expected.find(threads)) {
    expected.erase(at, threads.size());
  }
  golden::expect_json(json_of(Schema::new_default(Schema::VectorIndexKind::Hnsw)), expected);
}

/// "defaults=...; keys=...": parts that are not named equal those of Schema().
void check_parts(const Schema& schema, const std::string& expect) {
  const auto split = expect.find("; keys=");
  ASSERT_NE(split, std::string::npos) << expect;
  const auto actual = nlohmann::json::parse(json_of(schema));
  const auto before = nlohmann::json::parse(json_of(Schema()));
  const auto defaults = expect.substr(0, split);
  if (defaults == "defaults unchanged") {
    EXPECT_EQ(actual["defaults"], before["defaults"]);
  } else {
    golden::expect_json(actual["defaults"].dump(), defaults.substr(std::string("defaults=").size()));
  }
  golden::expect_json(actual["keys"].dump(), expect.substr(split + 7));
}

void check(const golden::Case& one) {
  if (one.id == "C04") return check_default_hnsw(one);
  if (one.id == "C29") {
    EXPECT_EQ(patterns(), one.expect);
    return;
  }
  if (const auto print = prints().find(one.id); print != prints().end()) {
    golden::expect_json(print->second(), one.expect);
    return;
  }
  const auto build = builders().find(one.id);
  ASSERT_NE(build, builders().end()) << "nothing is built for " << one.text;
  if (one.expect.rfind("ERR ", 0) == 0) {
    golden::expect_error(golden::outcome([&] { static_cast<void>(build->second()); }), one.expect);
  } else {
    check_parts(build->second(), one.expect);
  }
}

const bool registered = golden::add_section("C", "Schema", check);

}  // namespace
}  // namespace golden::schema_cases

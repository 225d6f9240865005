// CPU time of the codec: bodies of requests and responses with 1000 records of 1536 floats, the response of a
// query, and the scan of the numbers of a response by this library and by others.
#include "codec/records.hpp"
#include "json/number_text.hpp"

#include <chroma/key.hpp>
#include <chroma/responses.hpp>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>
#if defined(CHROMA_HAS_FAST_FLOAT)
#include <fast_float/fast_float.h>
#endif

namespace {

using namespace chroma;
using benchmark::State;

constexpr std::size_t rows = 1000;
constexpr std::size_t dimension = 1536;

// Rows of unit length, as models make them.
std::vector<float> make_values(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(dimension)));
  std::vector<float> values(count * dimension);
  for (float& value : values) value = normal(random);
  return values;
}

const std::vector<float>& values() {
  static const std::vector<float> all = make_values(rows);
  return all;
}

std::vector<std::string> make_ids(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back("record-" + std::to_string(i));
  return ids;
}

UpsertRequest make_upsert() {
  return UpsertRequest(make_ids(rows), Embeddings::view(values(), dimension));
}

const std::string& get_answer() {
  static const std::string text = [] {
    GetResponse response;
    response.ids = make_ids(rows);
    response.embeddings = Embeddings::view(values(), dimension);
    response.include = IncludeList({Include::Embedding});
    const core::Buffer json = codec::encode(response);
    return std::string(json.view());
  }();
  return text;
}

const std::string& query_answer() {
  static const std::string text = [] {
    QueryResponse response;
    response.ids = {make_ids(10)};
    response.documents.emplace().emplace_back(
        10, "A text of a usual length, as a record of a collection has it.");
    response.metadatas.emplace().emplace_back(10,
                                              Metadata{{"title", "Dune"}, {"year", 1965}, {"score", 0.75}});
    response.distances.emplace().emplace_back();
    for (int i = 0; i < 10; ++i) response.distances->back().emplace_back(0.1f * static_cast<float>(i + 1));
    response.include = IncludeList::default_query();
    const core::Buffer json = codec::encode(response);
    return std::string(json.view());
  }();
  return text;
}

void set_bytes(State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["body"] = static_cast<double>(bytes);
}

void validate_upsert(State& state) {
  const UpsertRequest request = make_upsert();
  for (auto _ : state) request.validate();
}
BENCHMARK(validate_upsert)->Unit(benchmark::kMillisecond);

void encode_upsert(State& state, bool base64) {
  const codec::RecordsBody<UpsertRequest> request{make_upsert(), base64};
  std::size_t bytes = 0;
  for (auto _ : state) {
    const core::Buffer body = codec::encode(request);
    bytes = body.size();
    benchmark::DoNotOptimize(body.data());
  }
  set_bytes(state, bytes);
}
BENCHMARK_CAPTURE(encode_upsert, base64, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode_upsert, json, false)->Unit(benchmark::kMillisecond);

template <class Response>
void decode_answer(State& state, const std::string& text) {
  for (auto _ : state) {
    const auto response = codec::decode<Response>(text);
    benchmark::DoNotOptimize(response.ids.data());
  }
  set_bytes(state, text.size());
}
void decode_get(State& state) {
  decode_answer<GetResponse>(state, get_answer());
}
BENCHMARK(decode_get)->Unit(benchmark::kMillisecond);
void decode_query(State& state) {
  decode_answer<QueryResponse>(state, query_answer());
}
BENCHMARK(decode_query)->Unit(benchmark::kMicrosecond);

void encode_query(State& state) {
  const QueryRequest request = QueryRequest(Embeddings::view(std::span(values()).first(dimension), dimension))
                                   .where(Key("year") > 1990);
  for (auto _ : state) {
    const core::Buffer body = codec::encode(request);
    benchmark::DoNotOptimize(body.data());
  }
}
BENCHMARK(encode_query)->Unit(benchmark::kMicrosecond);

// The same numbers scanned by several libraries. Each gets the text of the rows and fills one flat vector.
template <class Parse>
void scan(State& state, Parse parse) {
  const std::string& text = get_answer();
  const std::size_t first = text.find("[[");
  std::vector<float> out(rows * dimension);
  for (auto _ : state) {
    const char* p = text.data() + first;
    const char* const end = text.data() + text.size();
    for (float& value : out) {
      while (*p == '[' || *p == ',' || *p == ']') ++p;
      p = parse(p, end, value);
    }
    benchmark::DoNotOptimize(out.data());
  }
  if (out != values()) state.SkipWithError("the numbers that came back are others");
  set_bytes(state, text.size());
}

void scan_ours(State& state) {
  scan(state, json::parse_float32);
}
BENCHMARK(scan_ours)->Unit(benchmark::kMillisecond);

void scan_from_chars(State& state) {
  scan(state,
       [](const char* p, const char* end, float& value) { return std::from_chars(p, end, value).ptr; });
}
BENCHMARK(scan_from_chars)->Unit(benchmark::kMillisecond);

#if defined(CHROMA_HAS_FAST_FLOAT)
void scan_fast_float(State& state) {
  scan(state, [](const char* p, const char* end, float& value) {
    return fast_float::from_chars(p, end, value).ptr;
  });
}
BENCHMARK(scan_fast_float)->Unit(benchmark::kMillisecond);
#endif

// All embeddings of the response, read as double and rounded to float, thus rounded twice. The copy into a
// padded text, which a received body needs, is included.
void scan_simdjson(State& state, bool padded) {
  const std::string& text = get_answer();
  simdjson::ondemand::parser parser;
  const simdjson::padded_string ready(text);
  std::vector<float> out;
  for (auto _ : state) {
    out.clear();
    out.reserve(rows * dimension);
    const simdjson::padded_string copy = padded ? simdjson::padded_string() : simdjson::padded_string(text);
    simdjson::ondemand::document document = parser.iterate(padded ? ready : copy);
    for (auto row : document["embeddings"].get_array()) {
      for (auto value : row.get_array()) out.push_back(static_cast<float>(double(value.get_double())));
    }
    benchmark::DoNotOptimize(out.data());
  }
  set_bytes(state, text.size());
}
BENCHMARK_CAPTURE(scan_simdjson, with_padding, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scan_simdjson, already_padded, true)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

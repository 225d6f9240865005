#include "codec/records.hpp"
#include "json/number_text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>

/// Random values with a fixed seed: each is written and read back unchanged, floats bit for bit.
namespace chroma::codec {
namespace {

using Random = std::mt19937_64;

// Any finite bit pattern, including subnormals, the largest floats and both zeros.
std::vector<float> any_floats(Random& random, std::size_t count) {
  std::vector<float> values{0.0f,         -0.0f,         FLT_MAX,
                            -FLT_MAX,     FLT_MIN,       -FLT_MIN,
                            FLT_TRUE_MIN, -FLT_TRUE_MIN, std::nextafter(FLT_MIN, 0.0f),
                            16777217.0f};
  while (values.size() < count) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isfinite(value)) values.push_back(value);
  }
  return values;
}

std::vector<std::uint32_t> bits_of(const Embeddings& embeddings) {
  std::vector<std::uint32_t> bits;
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    for (const float value : embeddings[i]) bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

TEST(RoundTripTest, FloatsRoundTripExactly) {
  Random random(7);
  constexpr std::size_t rows = 100;
  constexpr std::size_t dimension = 300;
  const Embeddings sent(any_floats(random, rows * dimension), dimension);
  const UpsertRequest request(std::vector<std::string>(rows, "id"), sent);
  for (const bool base64 : {false, true}) {
    const core::Buffer body = encode(RecordsBody<std::decay_t<decltype(request)>>{request, base64});
    const auto received = decode<UpsertRequest>(body.view());
    EXPECT_EQ(bits_of(*received.embeddings()), bits_of(sent)) << (base64 ? "base64" : "JSON");
  }
  GetResponse response;
  response.ids = std::vector<std::string>(rows, "id");
  response.embeddings = sent;
  const core::Buffer json = encode(response);
  EXPECT_EQ(bits_of(*decode<GetResponse>(json.view()).embeddings), bits_of(sent));
}

int significant_digits(std::string_view text) {
  std::string digits;
  for (const char c : text.substr(0, text.find('e'))) {
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty())) digits.push_back(c);
  }
  return static_cast<int>(digits.find_last_not_of('0') + 1);
}

TEST(RoundTripTest, FloatsAreWrittenShortest) {
  Random random(17);
  std::vector<float> values = any_floats(random, 200'000);
  // Floats of the magnitude of embeddings, powers of two and of ten, and their neighbours.
  std::normal_distribution<float> normal(0, 0.03f);
  for (int i = 0; i < 500'000; ++i) values.push_back(normal(random));
  for (int e = -40; e < 40; ++e) {
    for (const float value : {std::ldexp(1.0f, e), static_cast<float>(std::pow(10.0, e % 12))}) {
      for (const float near : {value, std::nextafter(value, 0.0f), std::nextafter(value, FLT_MAX)}) {
        values.push_back(near);
      }
    }
  }
  for (int i = -3000; i < 3000; ++i) values.push_back(static_cast<float>(i) / 1000);
  for (const float value : values) {
    char text[json::max_number_text];
    char shortest[json::max_number_text];
    const std::string_view written(text, static_cast<std::size_t>(json::format_number(text, value) - text));
    const char* end =
        std::to_chars(shortest, shortest + json::max_number_text, value, std::chars_format::scientific).ptr;
    float back = 0;
    ASSERT_EQ(json::parse_float32(text, text + written.size(), back), text + written.size()) << written;
    ASSERT_EQ(std::bit_cast<std::uint32_t>(back), std::bit_cast<std::uint32_t>(value)) << written;
    float checked = 0;
    std::from_chars(text, text + written.size(), checked);
    ASSERT_EQ(std::bit_cast<std::uint32_t>(checked), std::bit_cast<std::uint32_t>(value)) << written;
    ASSERT_NE(written.find_first_of(".e"), std::string_view::npos) << written;
    const std::string_view expected(shortest, static_cast<std::size_t>(end - shortest));
    // An integer of more than nine digits is written with all of them.
    if (std::fabs(value) < 1e7f) {
      ASSERT_EQ(significant_digits(written), significant_digits(expected)) << written << " for " << expected;
    }
  }
}

// A text of any characters, including those that are escaped and those of all planes of Unicode.
std::string any_text(Random& random) {
  constexpr const char* pieces[] = {"a",
                                    "\"",
                                    "\\",
                                    "\n",
                                    "\x01",
                                    "\x7F",
                                    "é",
                                    "日",
                                    "\xF0\x9F\x99\x82",
                                    "/",
                                    " ",
                                    "{",
                                    "plain text that is longer than eight bytes"};
  std::string text;
  for (auto n = random() % 8; n > 0; --n) text += pieces[random() % std::size(pieces)];
  return text;
}

std::optional<std::string> maybe_text(Random& random) {
  return random() % 3 == 0 ? std::nullopt : std::optional(any_text(random));
}

double any_double(Random& random) {
  for (;;) {
    const auto value = std::bit_cast<double>(random());
    if (std::isfinite(value)) return value;
  }
}

MetadataValue any_value(Random& random) {
  switch (random() % 8) {
    case 0:
      return random() % 2 == 0;
    case 1:
      return static_cast<std::int64_t>(random());
    case 2:
      return any_double(random);
    case 3:
      return any_text(random);
    case 4:
      return SparseVector({1, 7, 4294967295}, {any_floats(random, 11).back(), -0.0f, FLT_TRUE_MIN});
    case 5:
      return std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), 9007199254740993};
    case 6:
      return std::vector<double>{any_double(random), 2.0};
    default:
      return std::vector<std::string>{any_text(random), any_text(random)};
  }
}

std::optional<Metadata> maybe_metadata(Random& random) {
  if (random() % 4 == 0) return std::nullopt;
  Metadata metadata;
  for (auto n = random() % 5; n > 0; --n)
    metadata.insert_or_assign("k" + any_text(random), any_value(random));
  return metadata;
}

template <class Make>
auto column(std::size_t rows, Make make) {
  std::vector<decltype(make())> values;
  for (std::size_t i = 0; i < rows; ++i) values.push_back(make());
  return values;
}

TEST(RoundTripTest, RequestsRoundTrip) {
  Random random(11);
  for (int i = 0; i < 200; ++i) {
    const auto rows = static_cast<std::size_t>(random() % 6);
    AddRequest request(column(rows, [&] { return any_text(random); }));
    if (random() % 4 != 0) request.embeddings(Embeddings(any_floats(random, 10 * rows + 10), 10));
    if (random() % 2 == 0) request.documents(column(rows, [&] { return maybe_text(random); }));
    if (random() % 2 == 0) request.uris(column(rows, [&] { return maybe_text(random); }));
    if (random() % 2 == 0) request.metadatas(column(rows, [&] { return maybe_metadata(random); }));
    for (const bool base64 : {false, true}) {
      const core::Buffer body = encode(RecordsBody<std::decay_t<decltype(request)>>{request, base64});
      ASSERT_EQ(decode<AddRequest>(body.view()), request) << body.view();
    }
  }
}

TEST(RoundTripTest, ResponsesRoundTrip) {
  Random random(13);
  for (int i = 0; i < 200; ++i) {
    QueryResponse response;
    const auto queries = static_cast<std::size_t>(random() % 4);
    const auto rows = static_cast<std::size_t>(random() % 5);
    const auto texts = [&] { return column(rows, [&] { return maybe_text(random); }); };
    response.ids = column(queries, [&] { return column(rows, [&] { return any_text(random); }); });
    if (random() % 2 == 0) response.documents = column(queries, texts);
    if (random() % 2 == 0) response.uris = column(queries, texts);
    if (random() % 2 == 0) {
      response.metadatas =
          column(queries, [&] { return column(rows, [&] { return maybe_metadata(random); }); });
    }
    if (random() % 2 == 0) {
      response.embeddings =
          column(queries, [&] { return Embeddings(any_floats(random, 10 * rows + 10), 10); });
    }
    if (random() % 2 == 0) {
      response.distances = column(queries, [&] {
        return column(rows, [&] {
          return random() % 3 == 0 ? std::nullopt : std::optional(any_floats(random, 11).back());
        });
      });
    }
    if (random() % 2 == 0) response.include = IncludeList::all();
    const core::Buffer json = encode(response);
    ASSERT_EQ(decode<QueryResponse>(json.view()), response) << json.view();
  }
}

}  // namespace
}  // namespace chroma::codec

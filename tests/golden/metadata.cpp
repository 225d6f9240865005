// M: writing metadata. MP: reading one value.
#include "golden/golden.hpp"
#include "types/metadata_json.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <functional>
#include <limits>
#include <map>

namespace golden::metadata_cases {
namespace {

using namespace chroma;

template <class T>
std::string json_of(const T& value) {
  return std::string(json::encode(value).view());
}

std::string of(MetadataValue value) {
  Metadata metadata;
  metadata["k"] = std::move(value);
  return json_of(metadata);
}

std::string of_update(UpdateMetadataValue value) {
  UpdateMetadata metadata;
  metadata["k"] = std::move(value);
  return json_of(metadata);
}

using Act = std::function<std::string()>;

const std::map<std::string, Act>& cases() {
  static const std::map<std::string, Act> all = {
      {"M01", [] { return of(true); }},
      {"M02", [] { return of(5); }},
      {"M04", [] { return of(0.1F); }},
      {"M05", [] { return of("v"); }},
      {"M07",
       [] {
         return of(std::vector<std::int64_t>{1, 2});
       }},
      {"M08",
       [] {
         return of(std::vector<double>{1.5, 2.0});
       }},
      {"M10", [] { return of(std::vector<std::string>()); }},
      {"M11",
       [] {
         return of(SparseVector({1, 5}, {0.1F, 0.2F}));
       }},
      {"M13", [] { return of(std::numeric_limits<double>::quiet_NaN()); }},
      {"M16", [] { return of_update("x"); }},
      {"M17", [] { return json_of(Metadata()); }},
      {"M19",
       [] {
         return json_of(SparseVector::from_pairs({{5, 1.0F}, {1, 2.0F}}));
       }},
      {"M20",
       [] {
         return json_of(SparseVector::from_triples({{"x", 3, 0.5F}}));
       }},
      {"M22", [] { return golden::outcome([] {
                     SparseVector({1, 2}, {1.0F});
                   }); }},
      {"M23", [] { return golden::outcome([] {
                     SparseVector({1}, {1.0F}, {"a", "b"});
                   }); }},
      {"M25", [] { return golden::outcome([] {
                     SparseVector({1, 1}, {1.0F, 2.0F}).validate();
                   }); }},
      {"M26", [] { return golden::outcome([] { SparseVector().validate(); }); }},
  };
  return all;
}

void check(const golden::Case& one) {
  if (one.id == "M14") {
    // Differs from the crate: a 32-bit float keeps its short form in the metadata of collections as well.
    golden::expect_json(of(SparseVector({1}, {0.1F})),
                        R"({"k":{"#type":"sparse_vector","indices":[1],"tokens":null,"values":[0.1]}})");
    return;
  }
  const auto act = cases().find(one.id);
  ASSERT_NE(act, cases().end()) << "no value for " << one.text;
  if (one.expect == "OK") {
    EXPECT_EQ(act->second(), "OK");
  } else if (one.expect.rfind("ERR ", 0) == 0) {
    // The text begins with the kind of the error.
    EXPECT_NE(act->second().find(one.expect.substr(4)), std::string::npos) << act->second();
  } else {
    golden::expect_json(act->second(), one.expect);
  }
}

/// A value in the notation of the cases: Int(1), BoolArray([true]), ...
struct Notation {
  std::string operator()(bool value) const { return std::string("Bool(") + (value ? "true)" : "false)"); }
  std::string operator()(std::int64_t value) const { return "Int(" + std::to_string(value) + ")"; }
  std::string operator()(double value) const { return "Float(" + number(value) + ")"; }
  std::string operator()(const std::string& value) const { return "Str(" + json_of(value) + ")"; }
  std::string operator()(const std::vector<bool>& values) const {
    return "BoolArray([" + joined(values, [](bool value) { return value ? "true" : "false"; }) + "])";
  }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    return "IntArray([" + joined(values, [](auto value) { return std::to_string(value); }) + "])";
  }
  std::string operator()(const std::vector<double>& values) const {
    return "FloatArray([" + joined(values, [](auto value) { return json_of(value); }) + "])";
  }
  std::string operator()(const std::vector<std::string>& values) const {
    return "StringArray([" + joined(values, [](const auto& value) { return json_of(value); }) + "])";
  }
  std::string operator()(const SparseVector& vector) const {
    const auto indices = joined(vector.indices(), [](auto value) { return std::to_string(value); });
    const auto values = joined(vector.values(), [](auto value) { return json_of(value); });
    const std::string tokens =
        vector.tokens() ? "Some([" + joined(*vector.tokens(), [](const auto& t) { return json_of(t); }) + "])"
                        : "None";
    return "SparseVector(SparseVector { indices: [" + indices + "], values: [" + values +
           "], tokens: " + tokens + " })";
  }

 private:
  /// Large numbers are written with an exponent, as in the cases.
  static std::string number(double value) {
    if (value < 1e16) return json_of(value);
    char text[32];
    std::string written(text,
                        std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr);
    written.erase(written.find('+'), 1);
    return written;
  }
  template <class Range, class Print>
  static std::string joined(const Range& range, Print print) {
    std::string text;
    for (const auto& item : range) {
      if (!text.empty()) text += ", ";
      text += print(item);
    }
    return text;
  }
};

template <class T>
std::string read_as(const std::string& input) {
  try {
    const auto value = json::decode<T>(input);
    if constexpr (std::is_same_v<T, UpdateMetadataValue>) {
      return value.is_null() ? "None" : std::visit(Notation(), value.value()->variant());
    } else {
      return std::visit(Notation(), value.variant());
    }
  } catch (const ChromaHttpClientError& error) {
    // Differs from the crate: the error says what is wrong with the value, and where.
    EXPECT_TRUE(error.is<SerdeError>()) << error.what();
    return "ERR";
  }
}

/// The crate has two texts for a value of no valid type. Both are compared as "ERR", because this library's
/// text is more detailed.
std::string without_texts(std::string expected) {
  for (const std::string type : {"MetadataValue", "UpdateMetadataValue"}) {
    const auto text = "ERR data did not match any variant of untagged enum " + type;
    for (auto at = expected.find(text); at != std::string::npos; at = expected.find(text)) {
      expected.replace(at, text.size(), "ERR");
    }
  }
  return expected;
}

void check_reading(const golden::Case& one) {
  const auto begin = one.text.find('`') + 1;
  const auto input = one.text.substr(begin, one.text.rfind('`') - begin);
  const auto actual = "MetadataValue=" + read_as<MetadataValue>(input) +
                      " UpdateMetadataValue=" + read_as<UpdateMetadataValue>(input);
  EXPECT_EQ(actual, without_texts(one.expect));
}

const bool registered = golden::add_section("M", "Metadata", check) &&
                        golden::add_section("MP", "MetadataReading", check_reading);

}  // namespace
}  // namespace golden::metadata_cases

// F: reading responses. In "Type `json`" the JSON is read as the type and printed again.
#include "codec/collection.hpp"
#include "codec/records.hpp"
#include "codec/schema.hpp"
#include "codec/system.hpp"
#include "golden/golden.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace golden::responses_cases {
namespace {

using namespace chroma;

template <class T>
std::string reprinted(const std::string& text) {
  const core::Buffer json = codec::encode(codec::decode<T>(text));
  return std::string(json.view());
}

const std::map<std::string, std::string (*)(const std::string&)>& readers() {
  static const std::map<std::string, std::string (*)(const std::string&)> all = {
      {"GetResponse", reprinted<GetResponse>},       {"QueryResponse", reprinted<QueryResponse>},
      {"SearchResponse", reprinted<SearchResponse>}, {"IndexStatus", reprinted<IndexStatusResponse>},
      {"Collection", reprinted<Collection>},         {"Schema", reprinted<Schema>}};
  return all;
}

std::string message_of(const ChromaHttpClientError& error) {
  const auto* serde = error.get_if<SerdeError>();
  return serde ? serde->message : error.what();
}

void check_reading(const golden::Case& golden_case) {
  const std::size_t begin = golden_case.text.find('`');
  const std::string type = golden_case.text.substr(0, begin - 1);
  const std::string json = golden_case.text.substr(begin + 1, golden_case.text.size() - begin - 2);
  const auto reader = readers().find(type);
  ASSERT_NE(reader, readers().end()) << "unknown type " << type;
  std::string actual;
  try {
    actual = "OK " + reader->second(json);
  } catch (const ChromaHttpClientError& error) {
    actual = "ERR " + message_of(error);
  }
  // Unlike the crate: unknown members of a newer server are kept and do not make the collection unreadable.
  const std::map<std::string, std::string> kept = {{"F10", R"("foo":1)"}, {"F14", R"("extra":1)"}};
  if (const auto key = kept.find(golden_case.id); key != kept.end()) {
    ASSERT_TRUE(actual.starts_with("OK ")) << actual;
    EXPECT_NE(actual.find(key->second), std::string::npos) << actual;
  } else if (golden_case.expect.starts_with("OK ")) {
    ASSERT_TRUE(actual.starts_with("OK ")) << actual;
    golden::expect_json(actual.substr(3), golden_case.expect.substr(3));
  } else if (golden_case.id == "F11") {
    // The text after the colon comes from another UUID parser.
    golden::expect_error(actual, golden_case.expect.substr(0, golden_case.expect.find(':')));
  } else {
    golden::expect_error(actual, golden::in_own_words(golden_case.expect));
  }
}

void check(const golden::Case& golden_case) {
  if (golden_case.id == "F17") {
    GetResponse response;
    response.ids = {"c", "a", "b"};
    response.documents = {"C", std::nullopt, "B"};
    response.include = IncludeList({Include::Document});
    response.sort_by_ids();
    const core::Buffer json = codec::encode(response);
    golden::expect_json(json.view(), golden_case.expect);
  } else if (golden_case.id == "F19") {
    const core::Buffer json = codec::encode(codec::decode<AddRequest>(R"({"ids":[],"embeddings":[]})"));
    golden::expect_json(json.view(), golden_case.expect);
  } else {
    check_reading(golden_case);
  }
}

[[maybe_unused]] const bool added = golden::add_section("F", "Responses", check);

}  // namespace
}  // namespace golden::responses_cases

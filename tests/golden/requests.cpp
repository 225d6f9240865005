// Q: bodies of requests, and the errors of invalid requests. Ids are "a" and "b" unless the case says
// otherwise.
#include "codec/collection.hpp"
#include "codec/records.hpp"
#include "golden/golden.hpp"

#include <chroma/key.hpp>

#include <gtest/gtest.h>

#include <cfloat>
#include <functional>
#include <limits>
#include <map>

namespace golden::requests_cases {
namespace {

using namespace chroma;
using Ids = std::vector<std::string>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
const Ids ids = {"a", "b"};

template <class T>
std::string body(const T& request) {
  const core::Buffer json = codec::encode(request);
  return std::string(json.view());
}

std::string text(const core::Buffer& json) {
  return std::string(json.view());
}

template <class Request>
std::string validated(const Request& request) {
  return golden::outcome([&] { request.validate(); });
}

AddRequest add() {
  return AddRequest(ids, {{1}, {2}});
}

GetRequest full_get() {
  return GetRequest()
      .ids(ids)
      .where(Key("x") == 1 && Key::Document.contains("q"))
      .limit(10)
      .offset(5)
      .include(IncludeList::all());
}

using Act = std::function<std::string()>;

const std::map<std::string, Act>& bodies() {
  static const std::map<std::string, Act> all = {
      {"add minimal",
       [] {
         return body(AddRequest(ids, {{0.1f, 2}, {3, 4}}));
       }},
      {"add full",
       [] {
         return body(add()
                         .documents({"d", std::nullopt})
                         .uris({std::nullopt, "u"})
                         .metadatas({{{"k", 1}}, std::nullopt}));
       }},
      {"update with partial embeddings",
       [] {
         return body(UpdateRequest(ids, {std::vector<float>{1, 2.5f}, std::nullopt}));
       }},
      {"update no embeddings",
       [] {
         return body(UpdateRequest(ids).documents({"d", std::nullopt}));
       }},
      {"get full", [] { return body(full_get()); }},
      {"get empty include", [] { return body(GetRequest().limit(0).include(IncludeList::empty())); }},
      {"query where+ids",
       [] {
         return body(
             QueryRequest({{1}, {2}}).ids(ids).where(Key("x") > 1.5).n_results(3).include(Include::Distance));
       }},
      {"delete by ids", [] { return body(DeleteRequest().ids(ids)); }},
      {"delete none/none (passes client validation)", [] { return body(DeleteRequest()); }},
      {"get with NaN where",
       [] { return body(GetRequest().where(Key("x") == nan).include(IncludeList::empty())); }},
      {"add with NaN/inf embedding",
       [] {
         return body(AddRequest(ids, {{nan, infinity, -infinity, 1}}));
       }},
      {"decode base64 AACAPwAAAEAAAEBA",
       [] {
         const std::string rows = body(codec::decode<Embeddings>(R"(["AACAPwAAAEAAAEBA"])"));
         return rows.substr(1, rows.size() - 2);
       }},
      {"create_collection body name=abc, no schema/metadata, get_or_create=false",
       [] {
         return text(codec::encode(codec::CreateCollectionBody{false, std::nullopt, "abc", std::nullopt}));
       }},
      {"modify name only",
       [] {
         return text(codec::encode(codec::ModifyCollectionBody{std::nullopt, "n2"}));
       }},
      {"modify metadata only", [] {
         return text(codec::encode(codec::ModifyCollectionBody{Metadata{{"k", 1}}, std::nullopt}));
       }}};
  return all;
}

const std::map<std::string, Act>& validations() {
  static const std::map<std::string, Act> all = {
      {"delete empty ids", [] { return validated(DeleteRequest().ids(Ids())); }},
      {"delete limit without where", [] { return validated(DeleteRequest().ids(ids).limit(5)); }},
      {"delete limit only", [] { return validated(DeleteRequest().limit(5)); }},
      {"add metadata key #x",
       [] {
         return validated(add().metadatas({std::nullopt, {{"#x", 1}}}));
       }},
      {"add metadata key $x",
       [] {
         return validated(add().metadatas({{{"$x", 1}}, std::nullopt}));
       }},
      {"add metadata chroma:x allowed",
       [] {
         return validated(add().metadatas({{{"chroma:x", 1}}, std::nullopt}));
       }},
      {"upsert empty embedding", [] {
         return validated(UpsertRequest(ids, {{1}, {}}));
       }}};
  return all;
}

// Requests that the crate sends and this library refuses, because data would be lost silently or the server
// would refuse them.
const std::map<std::string, Act>& refusals() {
  static const std::map<std::string, Act> all = {
      {"add mismatched lengths passes client-side", [] { return validated(AddRequest(ids, {{1}})); }},
      {"update empty embedding passes in 0.14.0",
       [] {
         return validated(UpdateRequest(ids, {std::vector<float>(), std::nullopt}));
       }},
      {"delete none/none (passes client validation)", [] { return validated(DeleteRequest()); }},
      {"get with NaN where", [] { return validated(GetRequest().where(Key("x") == nan)); }},
      {"add with NaN/inf embedding", [] {
         return validated(AddRequest({"a"}, {{nan, infinity, 1}}));
       }}};
  return all;
}

// One float has several shortest texts (123456790.0, 123456792.0), so they are compared as floats.
void check_text_forms(const golden::Case& golden_case) {
  const auto written =
      body(Embeddings::row({0.1f, 1.0f / 3, 1e10f, 1e-10f, 123456789.0f, -0.0f, FLT_MAX, FLT_MIN}));
  const auto expected = codec::decode<Embeddings>("[" + golden_case.expect + "]");
  EXPECT_EQ(codec::decode<Embeddings>(written), expected);
}

void check(const golden::Case& golden_case) {
  if (golden_case.text == "embedding f32 text forms") return check_text_forms(golden_case);
  const auto by_body = bodies().find(golden_case.text);
  const auto by_validation = validations().find(golden_case.text);
  const auto by_refusal = refusals().find(golden_case.text);
  if (by_body != bodies().end()) golden::expect_json(by_body->second(), golden_case.expect);
  if (by_validation != validations().end()) {
    golden::expect_error(by_validation->second(), golden_case.expect);
  }
  if (by_refusal != refusals().end()) golden::expect_error(by_refusal->second(), "ERR Validation error: ");
  if (by_body == bodies().end() && by_validation == validations().end() && by_refusal == refusals().end()) {
    FAIL() << "unknown case";
  }
}

[[maybe_unused]] const bool added = golden::add_section("Q", "Requests", check);

}  // namespace
}  // namespace golden::requests_cases

// N and V: rules of the server that the client does not check. A real server responds, and its messages must
// reach the caller unchanged.
#include "golden/golden.hpp"
#include "integration/real_server.hpp"

#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace golden::server_rules_cases {
namespace {

using namespace chroma;

/// "OK", or "ERR" and the server's message.
std::string create(const std::string& name, const std::optional<Schema>& schema = std::nullopt) {
  Runtime runtime;
  const ChromaHttpClient client(runtime.executor(), test::real_options());
  try {
    runtime.block_on(client.create_collection(name, schema));
  } catch (const ChromaHttpClientError& error) {
    const auto* api = error.get_if<ApiError>();
    return api != nullptr && api->status == 400 ? "ERR " + api->message : error.what();
  }
  runtime.block_on(client.delete_collection(name));
  return "OK";
}

/// The server's message about a name, without the name of the field with which it begins for collections.
std::string judged(const std::string& name) {
  const auto said = create(name);
  const std::string field = "ERR Validation error: name: ";
  return said.rfind(field, 0) == 0 ? "ERR " + said.substr(field.size()) : said;
}

void check_name(const golden::Case& one) {
  if (one.id == "N16") {
    EXPECT_EQ(judged(std::string(512, 'a')), "OK");
    EXPECT_EQ(judged(std::string(513, 'a')).substr(0, 4), "ERR ");
  } else if (one.id == "N17") {
    EXPECT_EQ(judged(std::string(256, 'a') + "+" + std::string(256, 'a')), "ERR " + one.expect);
  } else {
    const auto begin = one.text.find('"') + 1;
    EXPECT_EQ(judged(one.text.substr(begin, one.text.rfind('"') - begin)), one.expect);
  }
}

Schema sparse(std::optional<std::string> source) {
  SparseVectorIndexConfig config;
  config.source_key = std::move(source);
  if (config.source_key == "#foo")
    config.embedding_function = EmbeddingFunctionConfiguration::known("f", "{}");
  return Schema().create_index("sp", std::move(config));
}

const std::map<std::string, std::function<Schema()>>& schemas() {
  static const std::map<std::string, std::function<Schema()>> all = {
      {"V01", [] { return Schema().create_index("category", StringInvertedIndexConfig()); }},
      {"V02",
       [] {
         Schema schema;
         schema.source_attached_function_id = "0f8fad5b-d9cb-469f-a165-70867728950e";
         return schema;
       }},
      {"V03",
       [] {
         Schema schema;
         schema.defaults.float_list->vector_index->enabled = true;
         return schema;
       }},
      {"V04",
       [] {
         Schema schema;
         schema.keys["#foo"].int_.emplace().int_inverted_index.emplace(true, IntInvertedIndexConfig());
         return schema;
       }},
      {"V05", [] { return Schema().with_cmek(Cmek::gcp("bad")); }},
      {"V06", [] { return sparse("text"); }},
      {"V07", [] { return sparse("#foo"); }},
  };
  return all;
}

void check_schema(const golden::Case& one) {
  const auto build = schemas().find(one.id);
  ASSERT_NE(build, schemas().end()) << "no schema for " << one.text;
  EXPECT_EQ(create(test::fresh_name("golden"), build->second()), one.expect);
}

const bool registered = golden::add_section("N", "ServerNames", check_name) &&
                        golden::add_section("V", "ServerSchemas", check_schema);

}  // namespace
}  // namespace golden::server_rules_cases

// I: include lists.
#include "codec/records.hpp"
#include "golden/golden.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace golden::include_list_cases {
namespace {

using namespace chroma;

std::string parsed(const std::vector<std::string>& names) {
  try {
    std::string text = "Ok(IncludeList([";
    bool first = true;
    for (const Include column : IncludeList::parse(names)) {
      const char* name = column == Include::Metadata ? "Metadata" : column == Include::Uri ? "Uri" : "other";
      text += std::string(first ? "" : ", ") + name;
      first = false;
    }
    return text + "]))";
  } catch (const ChromaHttpClientError& error) {
    return "ERR " + error.get_if<ValidationError>()->message;
  }
}

void check(const golden::Case& golden_case) {
  const std::map<std::string, IncludeList> presets = {{"default_query", IncludeList::default_query()},
                                                      {"default_get", IncludeList::default_get()},
                                                      {"all", IncludeList::all()},
                                                      {"empty", IncludeList::empty()}};
  if (const auto preset = presets.find(golden_case.text); preset != presets.end()) {
    const core::Buffer json = codec::encode(preset->second);
    golden::expect_json(json.view(), golden_case.expect);
  } else if (golden_case.text == "try_from ['data','uris']") {
    EXPECT_EQ(parsed({"data", "uris"}), golden_case.expect);
  } else if (golden_case.text == "try_from ['foo']") {
    EXPECT_EQ(parsed({"foo"}), golden_case.expect);
  } else {
    FAIL() << "unknown case";
  }
}

[[maybe_unused]] const bool added = golden::add_section("I", "IncludeList", check);

}  // namespace
}  // namespace golden::include_list_cases

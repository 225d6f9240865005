#include "golden/golden.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <utility>
#include <vector>

namespace golden {
namespace {

struct Section {
  std::string suite;
  Handler handler;
};

std::map<std::string, Section, std::less<>>& sections() {
  static std::map<std::string, Section, std::less<>> all;
  return all;
}

std::string letters_of(const std::string& id) {
  return id.substr(0, id.find_first_of("0123456789"));
}

// Section B is covered by tests/embed/bm25, because it needs the component chroma::bm25. Conditional
// transactions and failover (X13 to X20) are features that the library does not have yet.
bool is_left_out(const std::string& id) {
  return id.starts_with('B') || (id >= "X13" && id <= "X20");
}

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::ifstream file(CHROMA_GOLDEN_CASES);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    cases.push_back({json.at("id"), json.at("case"), json.at("expect")});
  }
  return cases;
}

class GoldenTest : public testing::Test {
 public:
  GoldenTest(Case golden_case, Handler handler)
      : case_(std::move(golden_case)), handler_(std::move(handler)) {}

  void TestBody() override {
    SCOPED_TRACE(case_.text);
    handler_(case_);
  }

 private:
  Case case_;
  Handler handler_;
};

/// Fails if the number of registered cases changes: all cases but those of `is_left_out`.
class CountTest : public testing::Test {
 public:
  explicit CountTest(std::size_t count) : count_(count) {}
  void TestBody() override { EXPECT_EQ(count_, 326U); }

 private:
  std::size_t count_;
};

}  // namespace

bool add_section(std::string_view letters, std::string_view suite, Handler handler) {
  return sections().emplace(letters, Section{"Golden" + std::string(suite), std::move(handler)}).second;
}

void expect_json(std::string_view actual, std::string_view expected) {
  const auto left = nlohmann::json::parse(actual, nullptr, false);
  const auto right = nlohmann::json::parse(expected, nullptr, false);
  ASSERT_FALSE(left.is_discarded()) << "not JSON: " << actual;
  ASSERT_FALSE(right.is_discarded()) << "not JSON: " << expected;
  // Compared as text, because nlohmann/json considers 2 and 2.0 equal.
  EXPECT_EQ(left.dump(), right.dump());
}

std::string outcome(const std::function<void()>& action) {
  try {
    action();
  } catch (const chroma::ChromaHttpClientError& error) {
    return std::string("ERR ") + error.what();
  }
  return "OK";
}

std::string in_own_words(std::string expected) {
  const std::string words = "missing field `";
  const auto begin = expected.find(words);
  if (begin == std::string::npos) return expected;
  const auto name = begin + words.size();
  const auto end = expected.find('`', name);
  return expected.replace(begin, end + 1 - begin,
                          "the member \"" + expected.substr(name, end - name) + "\" is missing");
}

void expect_error(std::string_view actual, std::string_view expected) {
  EXPECT_EQ(actual.substr(0, expected.size()), expected);
}

}  // namespace golden

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto cases = golden::read_cases();
  if (cases.empty()) {
    std::cerr << "no golden cases in " << CHROMA_GOLDEN_CASES << '\n';
    return 1;
  }
  std::size_t count = 0;
  for (const golden::Case& one : cases) {
    if (golden::is_left_out(one.id)) continue;
    ++count;
    const auto section = golden::sections().find(golden::letters_of(one.id));
    if (section == golden::sections().end()) {
      std::cerr << "no file covers the section of case " << one.id << '\n';
      return 1;
    }
    const auto& [suite, handler] = section->second;
    testing::RegisterTest(
        suite.c_str(), one.id.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [one, run = handler]() -> testing::Test* { return new golden::GoldenTest(one, run); });
  }
  testing::RegisterTest("Golden", "NoCaseIsLeftOut", nullptr, nullptr, __FILE__, __LINE__,
                        [count]() -> testing::Test* { return new golden::CountTest(count); });
  return RUN_ALL_TESTS();
}

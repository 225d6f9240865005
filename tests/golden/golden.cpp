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

std::map<std::string, Handler, std::less<>>& sections() {
  static std::map<std::string, Handler, std::less<>> all;
  return all;
}

std::string letters_of(const std::string& id) {
  return id.substr(0, id.find_first_of("0123456789"));
}

// What later work brings: embedding functions, and conditional transactions and failover of a later crate.
bool is_later_work(const std::string& id) {
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
  explicit GoldenTest(Case golden_case) : case_(std::move(golden_case)) {}

  void TestBody() override {
    SCOPED_TRACE(case_.text);
    const auto handler = sections().find(letters_of(case_.id));
    if (handler == sections().end()) {
      FAIL() << "no section's file handles this case";
    } else {
      handler->second(case_);
    }
  }

 private:
  Case case_;
};

/// All but the embedding functions' section B and X13 to X20.
class CountTest : public testing::Test {
 public:
  explicit CountTest(std::size_t count) : count_(count) {}
  void TestBody() override { EXPECT_EQ(count_, 326U); }

 private:
  std::size_t count_;
};

}  // namespace

bool add_section(std::string_view letters, Handler handler) {
  return sections().emplace(letters, std::move(handler)).second;
}

void expect_json(std::string_view actual, std::string_view expected) {
  const auto left = nlohmann::json::parse(actual, nullptr, false);
  const auto right = nlohmann::json::parse(expected, nullptr, false);
  ASSERT_FALSE(left.is_discarded()) << "not JSON: " << actual;
  ASSERT_FALSE(right.is_discarded()) << "not JSON: " << expected;
  // As text, since the library takes 2 and 2.0 for equal.
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
    if (golden::is_later_work(one.id)) continue;
    ++count;
    testing::RegisterTest("Golden", one.id.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [one]() -> testing::Test* { return new golden::GoldenTest(one); });
  }
  testing::RegisterTest("Golden", "NoCaseIsLeftOut", nullptr, nullptr, __FILE__, __LINE__,
                        [count]() -> testing::Test* { return new golden::CountTest(count); });
  return RUN_ALL_TESTS();
}

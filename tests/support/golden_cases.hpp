#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::test {

/// One line of a file of golden cases.
struct GoldenCase {
  std::string id;
  std::string text;
  nlohmann::json expect;
};

inline void PrintTo(const GoldenCase& one, std::ostream* out) {
  *out << one.text;
}

/// The cases of the file CHROMA_GOLDEN_CASES whose ids are these letters followed by a number.
inline std::vector<GoldenCase> golden_cases(std::string_view letters) {
  std::vector<GoldenCase> cases;
  std::ifstream lines(CHROMA_GOLDEN_CASES);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    const auto id = json.at("id").get<std::string>();
    if (id.substr(0, id.find_first_of("0123456789")) != letters) continue;
    cases.push_back({id, json.at("case").get<std::string>(), json.at("expect")});
  }
  return cases;
}

/// The same as the values of a parameterised test.
inline auto golden_values(std::string_view letters) {
  return testing::ValuesIn(golden_cases(letters));
}

/// The name of a parameterised golden test.
struct GoldenName {
  template <class Info>
  std::string operator()(const Info& info) const {
    return info.param.id;
  }
};

}  // namespace chroma::test

#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// One line of a file of golden cases.
struct GoldenCase {
  std::string id;
  std::string text;
  nlohmann::json expect;
};

/// The cases of a file whose ids begin with these letters and go on with a digit.
inline std::vector<GoldenCase> golden_cases(const std::string& file, std::string_view letters) {
  std::vector<GoldenCase> cases;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    const auto id = json.at("id").get<std::string>();
    if (id.substr(0, id.find_first_of("0123456789")) != letters) continue;
    cases.push_back({id, json.at("case").get<std::string>(), json.at("expect")});
  }
  return cases;
}

/// The name of a parameterised golden test.
struct GoldenName {
  template <class Info>
  std::string operator()(const Info& info) const {
    return info.param.id;
  }
};

}  // namespace test

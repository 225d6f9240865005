#include "testing/distance.hpp"

#include <cmath>
#include <functional>
#include <numeric>

namespace chroma::testing {
namespace {

double inner_product(std::span<const float> left, std::span<const float> right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0, std::plus<>(),
                            [](float a, float b) { return static_cast<double>(a) * static_cast<double>(b); });
}

double squared_distance(std::span<const float> left, std::span<const float> right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0, std::plus<>(),
                            [](float a, float b) {
                              const auto difference = static_cast<double>(a) - static_cast<double>(b);
                              return difference * difference;
                            });
}

double cosine_distance(std::span<const float> left, std::span<const float> right) {
  const auto lengths = std::sqrt(inner_product(left, left)) * std::sqrt(inner_product(right, right));
  return lengths == 0.0 ? 1.0 : 1.0 - inner_product(left, right) / lengths;
}

}  // namespace

float distance(const std::string& space, std::span<const float> left, std::span<const float> right) {
  if (space == "cosine") return static_cast<float>(cosine_distance(left, right));
  if (space == "ip") return static_cast<float>(1.0 - inner_product(left, right));
  return static_cast<float>(squared_distance(left, right));
}

}  // namespace chroma::testing

#include "testing/names.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace chroma::testing {
namespace {

constexpr std::string_view alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool is_alphanumeric(char c) {
  return alphanumeric.find(c) != std::string_view::npos;
}

/// The rule for a name, or for one half of a name that contains a `+`.
std::string part_fault(const std::string& name) {
  const bool right_length = name.size() >= 3 && name.size() <= 512;
  const bool right_characters = std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
  if (!right_length || !right_characters || !is_alphanumeric(name.front()) || !is_alphanumeric(name.back())) {
    return "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a "
           "character in [a-zA-Z0-9]. Got: " +
           name;
  }
  if (name.find("..") != std::string::npos) {
    return "Expected a name that does not contains two consecutive periods (..). Got " + name;
  }
  boost::system::error_code no_address;
  static_cast<void>(boost::asio::ip::make_address(name, no_address));
  if (!no_address) return "Expected a name that is not a valid ip address. Got " + name;
  return {};
}

}  // namespace

std::string name_fault(const std::string& name) {
  const auto plus = name.find('+');
  if (plus == std::string::npos) return part_fault(name);
  if (name.size() > 512) {
    return "Expected a name containing 3-512 characters. Got: " + std::to_string(name.size());
  }
  if (name.find('+', plus + 1) != std::string::npos) {
    return "Expected a name to contain at most one topology:  Got two `+` characters.";
  }
  const auto fault = part_fault(name.substr(0, plus));
  return fault.empty() ? part_fault(name.substr(plus + 1)) : fault;
}

bool is_uuid(const std::string& text) {
  constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
  constexpr std::string_view hexadecimal = "0123456789abcdefABCDEF";
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [&](char c, char expected) {
           return expected == '-' ? c == '-' : hexadecimal.find(c) != std::string_view::npos;
         });
}

std::string uuid_of(std::size_t number) {
  std::array<char, 13> digits{};
  std::snprintf(digits.data(), digits.size(), "%012zx", number);
  return std::string("00000000-0000-4000-8000-") + digits.data();
}

}  // namespace chroma::testing

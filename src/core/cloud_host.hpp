#pragma once

#include "core/ascii.hpp"

#include <string_view>

namespace chroma::core {

/// True if the host of a URL belongs to Chroma Cloud.
[[nodiscard]] inline bool is_cloud_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  const auto host = lower_case(url.substr(0, url.find(':')));
  return host == "trychroma.com" || host.ends_with(".trychroma.com");
}

}  // namespace chroma::core

#include "core/transient.hpp"

#include <string_view>

namespace chroma::core {

bool is_transient(Stage stage, const std::error_code& code) noexcept {
  switch (stage) {
    case Stage::cancelled:
    case Stage::decode:
      return false;
    case Stage::proxy:
      return code != std::errc::permission_denied;
    case Stage::tls:
      return std::string_view(code.category().name()) != "asio.ssl";
    default:
      return true;
  }
}

bool is_transient(int status) noexcept {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace chroma::core

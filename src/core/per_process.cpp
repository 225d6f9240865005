#include "core/per_process.hpp"

#include <spdlog/details/os.h>

namespace chroma::core {

int process_id() noexcept {
  // The standard library and Asio do not have it.
  return spdlog::details::os::pid();
}

}  // namespace chroma::core

// The only file that uses Boost.DLL.
#define BOOST_DLL_USE_STD_FS  // Without it the header needs the compiled library Boost.Filesystem.

#include "embed/onnx/shared_library.hpp"

#include <boost/dll/shared_library.hpp>

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chroma::embed::onnx {

namespace dll = boost::dll;

void* load_function(const std::string& library, const char* symbol) {
  const std::filesystem::path path(library);
  auto mode = dll::load_mode::rtld_now;
  if (!path.has_parent_path()) mode |= dll::load_mode::search_system_folders;
  dll::shared_library loaded(path, mode);
  if (!loaded.has(symbol)) throw std::runtime_error(library + " has no function " + symbol);
  auto* function = reinterpret_cast<void*>(&loaded.get<void()>(symbol));

  // The destructor of `loaded` would unload the library.
  static std::mutex mutex;
  static auto& kept = *new std::vector<dll::shared_library>();
  const std::lock_guard lock(mutex);
  kept.push_back(std::move(loaded));
  return function;
}

}  // namespace chroma::embed::onnx

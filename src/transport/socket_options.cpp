#include "transport/socket_options.hpp"

#include <boost/system/error_code.hpp>

namespace chroma::transport {
namespace {

#ifdef FIOCLEX
/// The ioctl command that sets close-on-exec, in the form that Asio's `io_control` takes. Asio has no command
/// of its own for it, and includes the header that defines this one.
class CloseOnExec {
 public:
  [[nodiscard]] int name() const noexcept { return static_cast<int>(FIOCLEX); }
  [[nodiscard]] void* data() noexcept { return &unused_; }

 private:
  int unused_ = 0;
};
#endif

}  // namespace

void prepare_socket(asio::ip::tcp::socket& socket, bool keep_alive) noexcept {
  boost::system::error_code refused;
#ifdef FIOCLEX
  CloseOnExec command;
  socket.io_control(command, refused);
#endif
  if (keep_alive) socket.set_option(asio::socket_base::keep_alive(true), refused);
}

}  // namespace chroma::transport

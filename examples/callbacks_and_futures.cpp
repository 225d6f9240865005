// The same operations with other completion tokens of Asio: a callback, a future.
#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <iostream>
#include <string>

namespace asio = boost::asio;

int main() try {
  std::promise<void> called;  // outlives the runtime, whose thread fulfils it
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());

  // A callback gets the failure, if any, and the value. It runs on the runtime's thread.
  asio::co_spawn(runtime.executor(), client.heartbeat(),
                 [&](std::exception_ptr failure, chroma::HeartbeatResponse beat) {
                   if (failure) {
                     called.set_exception(failure);
                     return;
                   }
                   std::cout << "callback: " << beat.nanosecond_heartbeat << '\n';
                   called.set_value();
                 });

  // A future can be waited for, and throws what the operation threw.
  std::future<std::string> version = asio::co_spawn(runtime.executor(), client.version(), asio::use_future);

  called.get_future().get();
  std::cout << "future: the server speaks version " << version.get() << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

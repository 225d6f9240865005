// The same operations without blocking: a callback, a future, and a completion token of Boost.Asio.
#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <future>
#include <iostream>
#include <string>

namespace asio = boost::asio;

int main() try {
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());

  // The runtime calls the callback on its thread, with the value or the error.
  runtime.submit(client.heartbeat(), [](chroma::Result<chroma::HeartbeatResponse> beat) {
    if (beat) {
      std::cout << "callback: " << beat->nanosecond_heartbeat << '\n';
    } else {
      std::cerr << "callback: " << beat.error().what() << '\n';
    }
  });
  runtime.drain();  // Waits until all operations are complete.

  // The future holds the value, or the exception that the operation threw.
  std::future<std::uint32_t> count = runtime.submit(client.count_collections());
  std::cout << "future: " << count.get() << " collections\n";

  // co_spawn runs an operation with any completion token, on any executor.
  std::future<std::string> version = asio::co_spawn(runtime.executor(), client.version(), asio::use_future);
  std::cout << "completion token: version " << version.get() << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

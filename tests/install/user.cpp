// A user's program: a coroutine calls a server that does not exist. Prints the error.
#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> ask(chroma::ChromaHttpClient client) {
  const auto beat = co_await chroma::as_result(client.heartbeat());
  if (beat.has_value()) {
    std::cout << "a server listens at port 1\n";
  } else if (const auto* failure = beat.error().get_if<chroma::RequestError>()) {
    std::cout << "failed to " << failure->stage << ": " << failure->message << '\n';
  }
}

int main() {
  chroma::ChromaHttpClientOptions options;
  options.endpoint = "http://127.0.0.1:1";
  options.proxy = "";
  options.retry_options.max_retries = 0;
  asio::io_context context;
  asio::co_spawn(context, ask(chroma::ChromaHttpClient(context.get_executor(), options)),
                 [](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
  context.run();
}

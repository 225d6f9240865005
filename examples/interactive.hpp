#pragma once

// What digits and search_text share: the options of the client, and the end of the program by Ctrl-C.

#include <chroma/options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

/// Options for the server at `endpoint`; without it, for the server of the environment variables.
inline chroma::ChromaHttpClientOptions options_for(const std::optional<std::string>& endpoint) {
  if (endpoint) return chroma::ChromaHttpClientOptions::local(*endpoint);
  return chroma::ChromaHttpClientOptions::from_env();
}

/// Runs the coroutine on the context, and cancels it when one of the signals `interrupts` arrives. Prints an
/// error to standard error, after `display.end_line()`.
/// @returns the exit status: 128 and the number of the signal if the coroutine was interrupted
template <class Display>
int run_until_interrupted(boost::asio::io_context& context, boost::asio::signal_set& interrupts,
                          boost::asio::awaitable<void> program, Display& display) {
  int status = EXIT_SUCCESS;
  int interrupted = 0;
  boost::asio::cancellation_signal stop;
  interrupts.async_wait([&](boost::system::error_code code, int number) {
    if (code) return;
    interrupted = number;
    stop.emit(boost::asio::cancellation_type::terminal);
  });
  auto finished = [&](std::exception_ptr failure) {
    interrupts.cancel();
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      display.end_line();
      std::cerr << (interrupted != 0 ? "interrupted" : error.what()) << '\n';
      status = interrupted != 0 ? 128 + interrupted : EXIT_FAILURE;
    }
  };
  boost::asio::co_spawn(context, std::move(program),
                        boost::asio::bind_cancellation_slot(stop.slot(), finished));
  context.run();
  return status;
}

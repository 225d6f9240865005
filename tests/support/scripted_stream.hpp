#pragma once

#include "transport/byte_stream.hpp"
#include "transport/connector.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chroma::test {

/// What one scripted connection does.
struct ConnectionScript {
  std::vector<std::string> reads;  ///< What each read returns; afterwards the stream has ended.
  std::optional<std::size_t>
      write_limit;  ///< Writes stop early after so many bytes in all, as after an early response.
  std::optional<std::size_t> bytes_a_write;  ///< Each write stops early after so many bytes.
  boost::system::error_code write_failure;   ///< Every write fails with it, if set.
  boost::system::error_code read_failure;    ///< In place of the end of the stream, if set.
  bool dead_when_idle = false;               ///< Not reusable.
};

/// A network in a test's hands: connection n follows script n. Every connect, write and read is a step; one
/// of them can be made to fail, or to hang until it is closed or cancelled.
struct ScriptedNetwork {
  std::vector<ConnectionScript> scripts;
  std::optional<std::size_t> fail_at;
  std::optional<std::size_t> hang_at;
  transport::Route route;

  std::vector<std::string> written;  ///< By connection.
  std::vector<const void*> sources;  ///< Where each buffer written lay.
  std::size_t steps = 0;
  std::size_t connects = 0;
  std::size_t open_streams = 0;
  bool hanging = false;

  /// Bytes of a response with status 200 and a body.
  static std::string response(const std::string& body, const std::string& headers = {});
  static std::string response(int status, const std::string& body, const std::string& headers = {});
};

/// A stream of the network; for tests of what is below connectors.
[[nodiscard]] std::unique_ptr<transport::ByteStream> make_scripted_stream(
    std::shared_ptr<ScriptedNetwork> network, std::size_t number,
    const boost::asio::any_io_executor& executor);

[[nodiscard]] std::unique_ptr<transport::Connector> make_scripted_connector(
    std::shared_ptr<ScriptedNetwork> network);

}  // namespace chroma::test

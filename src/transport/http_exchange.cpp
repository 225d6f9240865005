#include "transport/http_exchange.hpp"

#include "transport/failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <optional>

namespace chroma::transport {
namespace {

using boost::system::error_code;
using boost::system::system_error;

/// The part of the request that follows the first `sent` bytes.
std::array<asio::const_buffer, 2> rest(const WireRequest& request, std::uint64_t sent) {
  const asio::const_buffer head(request.head.data(), request.head.size());
  const asio::const_buffer body(request.body.data(), request.body.size());
  const auto skip = static_cast<std::size_t>(sent);
  if (skip < head.size()) return {head + skip, body};
  return {asio::const_buffer(), body + (skip - head.size())};
}

void rethrow_if_aborted(const system_error& failure) {
  if (failure.code() == asio::error::operation_aborted) throw failure;
}

[[noreturn]] void fail_write(const error_code& code, const std::string& server) {
  fail(Stage::write, code,
       "writing the request to " + server + " failed: " + code.message() +
           "; the server may have been restarted, or it refuses requests of this size");
}

[[noreturn]] void fail_read(const error_code& code, const std::string& server) {
  fail(Stage::read, code,
       "reading the response of " + server + " failed: " + code.message() +
           "; see the server's log for the reason");
}

}  // namespace

asio::awaitable<void> exchange_on_stream(ByteStream& stream, WireRequest request, ResponseReader& reader,
                                         ByteCounts& counts, const std::string& server) {
  const std::uint64_t total = request.head.size() + request.body.size();
  std::uint64_t sent = 0;
  std::optional<error_code> write_failure;
  while (!reader.done()) {
    // A server may respond before it has read the request. Only an error makes the rest of the request
    // useless.
    if (sent < total && !write_failure && !reader.is_error()) {
      try {
        const auto parts = rest(request, sent);
        const std::size_t count = co_await stream.write(parts);
        sent += count;
        counts.sent += count;
      } catch (const system_error& failure) {
        rethrow_if_aborted(failure);
        write_failure = failure.code();
      }
    }
    const asio::mutable_buffer room = reader.prepare();
    bool ended = false;
    try {
      const std::size_t count = co_await stream.read_some(room);
      counts.received += count;
      reader.commit(count);
    } catch (const system_error& failure) {
      rethrow_if_aborted(failure);
      ended = failure.code() == asio::error::eof;
      if (write_failure && !(ended && reader.begun())) fail_write(*write_failure, server);
      if (!ended) fail_read(failure.code(), server);
    }
    if (ended) reader.finish();
  }
}

}  // namespace chroma::transport

#include "support/scripted_stream.hpp"

#include <chroma/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstring>

namespace chroma::test {

namespace asio = boost::asio;
using boost::system::error_code;
using boost::system::system_error;

namespace {

/// One step: fails or hangs if that is what the test wants, and always goes through the executor once.
asio::awaitable<void> step(ScriptedNetwork& network, asio::steady_timer& hang, const bool& closed) {
  const std::size_t number = network.steps++;
  co_await asio::post(asio::use_awaitable);
  if (network.hang_at == number && !closed) {
    network.hanging = true;
    hang.expires_at(asio::steady_timer::time_point::max());
    co_await hang.async_wait(asio::use_awaitable);
  }
  if (network.fail_at == number) throw system_error(asio::error::connection_reset);
}

class ScriptedStream final : public transport::ByteStream {
 public:
  ScriptedStream(std::shared_ptr<ScriptedNetwork> network, std::size_t number,
                 const asio::any_io_executor& executor)
      : network_(std::move(network)), number_(number), hang_(executor) {
    network_->written.resize(std::max(network_->written.size(), number_ + 1));
    ++network_->open_streams;
  }
  ~ScriptedStream() override { --network_->open_streams; }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    ScriptedNetwork& network = *network_;
    co_await step(network, hang_, closed_);
    throw_if_closed();
    if (into.size() == 0) throw system_error(asio::error::invalid_argument);
    auto& reads = script().reads;
    if (reads.empty()) {
      throw system_error(script().read_failure ? script().read_failure : error_code(asio::error::eof));
    }
    const std::size_t count = std::min(into.size(), reads.front().size());
    std::memcpy(into.data(), reads.front().data(), count);
    reads.front().erase(0, count);
    if (reads.front().empty()) reads.erase(reads.begin());
    co_return count;
  }

  asio::awaitable<std::size_t> write(std::span<const asio::const_buffer> buffers) override {
    ScriptedNetwork& network = *network_;
    co_await step(network, hang_, closed_);
    throw_if_closed();
    if (script().write_failure) throw system_error(script().write_failure);
    std::string& written = network.written[number_];
    std::size_t count = 0;
    for (const auto& buffer : buffers) {
      network.sources.push_back(buffer.data());
      std::size_t part = buffer.size();
      if (script().bytes_a_write) part = std::min(part, *script().bytes_a_write - count);
      if (script().write_limit) part = std::min(part, *script().write_limit - written.size());
      written.append(static_cast<const char*>(buffer.data()), part);
      count += part;
    }
    co_return count;
  }

  void close() noexcept override {
    closed_ = true;
    hang_.cancel();
  }

  bool is_reusable() noexcept override { return !closed_ && !script().dead_when_idle; }

 private:
  ConnectionScript& script() { return network_->scripts.at(number_); }
  void throw_if_closed() const {
    if (closed_) throw system_error(asio::error::operation_aborted);
  }

  std::shared_ptr<ScriptedNetwork> network_;
  std::size_t number_;
  asio::steady_timer hang_;
  bool closed_ = false;
};

class ScriptedConnector final : public transport::Connector {
 public:
  explicit ScriptedConnector(std::shared_ptr<ScriptedNetwork> network) : network_(std::move(network)) {}

  asio::awaitable<std::unique_ptr<transport::ByteStream>> connect(asio::any_io_executor strand,
                                                                  transport::Clock::time_point) override {
    return open(network_, std::move(strand));
  }

  const transport::Route& route() const noexcept override { return network_->route; }

 private:
  static asio::awaitable<std::unique_ptr<transport::ByteStream>> open(
      std::shared_ptr<ScriptedNetwork> network, asio::any_io_executor strand) {
    asio::steady_timer hang(strand);
    const bool closed = false;
    co_await step(*network, hang, closed);
    const std::size_t number = network->connects++;
    if (number >= network->scripts.size()) {
      throw ChromaHttpClientError(
          RequestError{Stage::connect, error_code(asio::error::connection_refused), "refused by the script"});
    }
    co_return make_scripted_stream(network, number, strand);
  }

  std::shared_ptr<ScriptedNetwork> network_;
};

}  // namespace

std::string ScriptedNetwork::response(const std::string& body, const std::string& headers) {
  return response(200, body, headers);
}

std::string ScriptedNetwork::response(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Text\r\ncontent-length: " + std::to_string(body.size()) +
         "\r\n" + headers + "\r\n" + body;
}

std::unique_ptr<transport::ByteStream> make_scripted_stream(std::shared_ptr<ScriptedNetwork> network,
                                                            std::size_t number,
                                                            const asio::any_io_executor& executor) {
  return std::make_unique<ScriptedStream>(std::move(network), number, executor);
}

std::unique_ptr<transport::Connector> make_scripted_connector(std::shared_ptr<ScriptedNetwork> network) {
  return std::make_unique<ScriptedConnector>(std::move(network));
}

}  // namespace chroma::test

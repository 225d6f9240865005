// The promises of ByteStream, kept by TCP, TLS and TLS inside the TLS of a proxy.

#include "client_side.hpp"
#include "transport/socket_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>

namespace chroma::test {
namespace {

enum class Way { tcp, tls12, tls13, tls_in_tls };

std::string name_of(const testing::TestParamInfo<Way>& info) {
  static const char* const names[] = {"Tcp", "Tls12", "Tls13", "TlsInTls"};
  return names[static_cast<int>(info.param)];
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 31 + i / 4096) % 26);
  return text;
}

class StreamTest : public testing::TestWithParam<Way> {
 protected:
  /// Serves one connection and connects to it.
  transport::ByteStream& open(LoopbackServer::Session session) {
    server_ = std::make_unique<LoopbackServer>([session = std::move(session)](Peer& peer) {
      prepare(peer);
      session(peer);
    });
    transport::Origin origin = server_->origin(GetParam() != Way::tcp);
    std::string proxy;
    if (GetParam() == Way::tls_in_tls) {
      proxy = origin.to_string();
      origin.host = "inner.test";
    }
    connector_ = connector_to(origin, trust().options(), proxy);
    stream_ = loop_.run(connector_->connect(loop_.strand(), Clock::time_point::max()));
    return *stream_;
  }

  static void prepare(Peer& peer) {
    ServerTls tls = trust().server_tls();
    tls.only_tls_1_2 = GetParam() == Way::tls12;
    if (GetParam() != Way::tcp) peer.start_tls(tls);
    if (GetParam() == Way::tls_in_tls) {
      static_cast<void>(peer.read_until("\r\n\r\n"));
      peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
      peer.start_tls(tls);
    }
  }

  bool becomes_unusable() {
    for (int i = 0; i < 2000; ++i) {
      if (!stream_->is_reusable()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }

  std::error_code read_failure() { return failure_of_read(loop_, *stream_); }

  // What the server's thread touches outlives the server.
  std::string body_;
  std::promise<void> over_;
  std::promise<std::string> received_;
  std::unique_ptr<LoopbackServer> server_;
  Loop loop_;
  std::unique_ptr<transport::Connector> connector_;
  std::unique_ptr<transport::ByteStream> stream_;
};

INSTANTIATE_TEST_SUITE_P(Ways, StreamTest, testing::Values(Way::tcp, Way::tls12, Way::tls13, Way::tls_in_tls),
                         name_of);

TEST_P(StreamTest, CarriesSmallMessagesBothWays) {
  auto& stream = open([](Peer& peer) {
    for (int i = 0; i < 3; ++i) peer.write("<" + peer.read(5) + ">");
    peer.read_to_end();
  });
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(stream.is_reusable());
    EXPECT_EQ(loop_.run(send(stream, {"ab", "", "cde"})), 5u);
    EXPECT_EQ(loop_.run(receive(stream, 7)), "<abcde>");
  }
  EXPECT_TRUE(stream.is_reusable());
}

TEST_P(StreamTest, AReadIntoAnEmptyBufferIsAnError) {
  auto& stream = dynamic_cast<transport::SocketStream&>(open([](Peer& peer) {
    peer.write("text");
    peer.read_to_end();
  }));
  EXPECT_EQ(loop_.run(receive(stream, 1)), "t");
  try {
    const std::size_t count = loop_.run(stream.read_some(asio::mutable_buffer()));
    ADD_FAILURE() << count << " bytes were read";
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::invalid_argument);
  }
  boost::system::error_code failure;
  EXPECT_EQ(stream.try_read(asio::mutable_buffer(), failure), 0U);
  EXPECT_EQ(failure, asio::error::invalid_argument);
  EXPECT_EQ(loop_.run(receive(stream, 3)), "ext");
}

TEST_P(StreamTest, WritesNothing) {
  auto& stream = open([](Peer& peer) { peer.read_to_end(); });
  EXPECT_EQ(loop_.run(send(stream, {})), 0u);
  EXPECT_EQ(loop_.run(send(stream, {"", ""})), 0u);
}

TEST_P(StreamTest, WritesLargeBodiesGathered) {
  const std::string head = pattern(211);
  body_ = pattern(20'000'000);
  const std::string tail = pattern(17);
  auto& stream = open([&](Peer& peer) {
    received_.set_value(peer.read(head.size() + body_.size() + tail.size()));
    peer.write("done");
    peer.read_to_end();
  });
  EXPECT_EQ(loop_.run(send(stream, {head, body_, "", tail})), head.size() + body_.size() + tail.size());
  EXPECT_TRUE(received_.get_future().get() == head + body_ + tail);
  EXPECT_EQ(loop_.run(receive(stream, 4)), "done");
  EXPECT_TRUE(stream.is_reusable());
}

TEST_P(StreamTest, WritesManyBuffers) {
  const std::string part = pattern(1999);
  std::vector<std::string_view> parts(100, part);
  auto& stream = open([&](Peer& peer) {
    received_.set_value(peer.read(parts.size() * part.size()));
    peer.read_to_end();
  });
  EXPECT_EQ(loop_.run(send(stream, parts)), parts.size() * part.size());
  std::string expected;
  for (const auto each : parts) expected += each;
  EXPECT_TRUE(received_.get_future().get() == expected);
}

TEST_P(StreamTest, ReadsLargeBodies) {
  body_ = pattern(20'000'000);
  auto& stream = open([&](Peer& peer) {
    peer.write(body_);
    peer.read_to_end();
  });
  EXPECT_TRUE(loop_.run(receive(stream, body_.size())) == body_);
  EXPECT_TRUE(stream.is_reusable());
}

TEST_P(StreamTest, ReturnsEarlyWhenThePeerRespondsAndStopsReading) {
  body_ = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    over_.get_future().wait();
  });
  EXPECT_LT(loop_.run(send(stream, {"head", body_})), body_.size());
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
  over_.set_value();
}

TEST_P(StreamTest, ReadsTheResponseOfAPeerThatContinuesReading) {
  body_ = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    peer.read_to_end();
  });
  EXPECT_LE(loop_.run(send(stream, {"head", body_})), body_.size() + 4);
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
}

TEST_P(StreamTest, ReadsTheResponseOfAPeerThatCloses) {
  body_ = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    peer.close();  // With bytes unread: a reset follows.
  });
  EXPECT_LT(loop_.run(send(stream, {"head", body_})), body_.size());
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
}

TEST_P(StreamTest, ContinuesAfterAnInterimResponse) {
  body_ = pattern(30'000'000);
  auto& stream = open([&](Peer& peer) {
    std::string text = peer.read(100'000);
    peer.write("continue");
    text += peer.read(body_.size() - text.size());
    received_.set_value(std::move(text));
    peer.read_to_end();
  });
  std::size_t sent = loop_.run(send(stream, {body_}));
  EXPECT_EQ(loop_.run(receive(stream, 8)), "continue");
  if (sent < body_.size()) sent += loop_.run(send(stream, {std::string_view(body_).substr(sent)}));
  EXPECT_EQ(sent, body_.size());
  EXPECT_TRUE(received_.get_future().get() == body_);
}

TEST_P(StreamTest, FailsToWriteToAClosedPeer) {
  body_ = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.close();
  });
  // Either the write fails, or it ends early because the end of the stream can be read.
  std::error_code failure;
  try {
    EXPECT_LT(loop_.run(send(stream, {body_})), body_.size());
    failure = read_failure();
  } catch (const boost::system::system_error& error) {
    failure = error.code();
  }
  EXPECT_TRUE(failure) << failure.message();
  EXPECT_FALSE(stream.is_reusable());
}

TEST_P(StreamTest, IsNotReusableAfterUnsolicitedBytes) {
  auto& stream = open([](Peer& peer) {
    static_cast<void>(peer.read(2));
    peer.write("unasked");
    peer.read_to_end();
  });
  EXPECT_TRUE(stream.is_reusable());
  EXPECT_EQ(loop_.run(send(stream, {"go"})), 2u);
  EXPECT_TRUE(becomes_unusable());
  EXPECT_EQ(loop_.run(receive(stream, 7)), "unasked");
}

TEST_P(StreamTest, DetectsThatThePeerHasClosed) {
  auto& stream = open([](Peer& peer) {
    static_cast<void>(peer.read(2));
    peer.write("bye");
    peer.say_goodbye();
  });
  EXPECT_EQ(loop_.run(send(stream, {"go"})), 2u);
  EXPECT_EQ(loop_.run(receive(stream, 3)), "bye");
  EXPECT_TRUE(becomes_unusable());
  EXPECT_EQ(read_failure(), code_of(asio::error::eof));
}

TEST_P(StreamTest, DistinguishesTruncationFromTheEnd) {
  auto& stream = open([](Peer& peer) {
    static_cast<void>(peer.read(2));
    peer.write("bye");
    peer.close();
  });
  EXPECT_EQ(loop_.run(send(stream, {"go"})), 2u);
  EXPECT_EQ(loop_.run(receive(stream, 3)), "bye");
  EXPECT_TRUE(becomes_unusable());
  const std::error_code failure = read_failure();
  if (GetParam() == Way::tcp) {
    EXPECT_EQ(failure, code_of(asio::error::eof));
  } else {
    EXPECT_EQ(failure, code_of(asio::ssl::error::stream_truncated));
  }
}

TEST_P(StreamTest, AClosedStreamIsAborted) {
  auto& stream = open([](Peer& peer) { peer.read_to_end(); });
  stream.close();
  EXPECT_EQ(read_failure(), code_of(asio::error::operation_aborted));
  try {
    static_cast<void>(loop_.run(send(stream, {"x"})));
    ADD_FAILURE() << "wrote to a closed stream";
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
}

TEST_P(StreamTest, SendsWithoutDelay) {
  auto& stream = open([](Peer& peer) { peer.read_to_end(); });
  tcp::no_delay option;
  dynamic_cast<transport::SocketStream&>(stream).socket()->socket.get_option(option);
  EXPECT_TRUE(option.value());
}

TEST_P(StreamTest, CloseEndsAPendingRead) {
  auto& stream = open([](Peer& peer) { peer.read_to_end(); });
  std::promise<void> reading;
  asio::co_spawn(loop_.strand(), receive(stream, 1),
                 [&reading](std::exception_ptr failure, const std::string&) {
                   failure ? reading.set_exception(failure) : reading.set_value();
                 });
  asio::post(loop_.strand(), [&stream] {
    stream.close();
    stream.close();
  });
  loop_.context().restart();
  loop_.context().run();
  try {
    reading.get_future().get();
    ADD_FAILURE() << "read from a closed stream";
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
  EXPECT_FALSE(stream.is_reusable());
}

TEST_P(StreamTest, CloseEndsAPendingWriteAndReportsItsProgress) {
  body_ = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    asio::post(loop_.strand(), [this] { stream_->close(); });
    over_.get_future().wait();
  });
  const std::size_t sent = loop_.run(send(stream, {body_}));
  EXPECT_GE(sent, 100'000u);
  EXPECT_LT(sent, body_.size());
  over_.set_value();
  EXPECT_EQ(read_failure(), code_of(asio::error::operation_aborted));
}

/// Takes everything at once, as a very fast peer does.
class EagerStream final : public transport::SocketStream {
 public:
  explicit EagerStream(const asio::any_io_executor& executor)
      : socket_(std::make_shared<transport::SharedSocket>(tcp::socket(executor))) {}
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer) override { co_return 0; }
  const std::shared_ptr<transport::SharedSocket>& socket() const noexcept override { return socket_; }
  std::size_t try_read(asio::mutable_buffer, transport::error_code&) override { return 0; }
  void try_write(transport::BufferCursor& cursor, transport::error_code&) override {
    cursor.consume(std::min<std::size_t>(cursor.front().size(), 65536));
  }
  Input peek() noexcept override { return Input::none; }

 private:
  std::shared_ptr<transport::SharedSocket> socket_;
};

TEST(EagerStreamTest, AWriteThatNeverWaitsYieldsToOthers) {
  Loop loop;
  EagerStream stream(loop.strand());
  const std::string body(10'000'000, 'x');
  std::size_t turns = 0;
  bool written = false;
  std::function<void()> take_turn = [&] {
    ++turns;
    if (!written) asio::post(loop.strand(), take_turn);
  };
  asio::post(loop.strand(), take_turn);
  asio::co_spawn(loop.strand(), send(stream, std::vector<std::string_view>(1, body)),
                 [&written](std::exception_ptr, std::size_t) { written = true; });
  loop.context().run();
  EXPECT_TRUE(written);
  EXPECT_GE(turns, 9u);
}

}  // namespace
}  // namespace chroma::test

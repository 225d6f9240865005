// The promises of ByteStream, kept by TCP, TLS and TLS inside the TLS of a proxy.

#include "client_side.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
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

  boost::system::error_code read_failure() {
    try {
      static_cast<void>(loop_.run(receive(*stream_, 1)));
    } catch (const boost::system::system_error& error) {
      return error.code();
    }
    return {};
  }

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

TEST_P(StreamTest, WritesNothing) {
  auto& stream = open([](Peer& peer) { peer.read_to_end(); });
  EXPECT_EQ(loop_.run(send(stream, {})), 0u);
  EXPECT_EQ(loop_.run(send(stream, {"", ""})), 0u);
}

TEST_P(StreamTest, WritesLargeBodiesGathered) {
  const std::string head = pattern(211);
  const std::string body = pattern(20'000'000);
  const std::string tail = pattern(17);
  std::promise<std::string> received;
  auto& stream = open([&](Peer& peer) {
    received.set_value(peer.read(head.size() + body.size() + tail.size()));
    peer.write("done");
    peer.read_to_end();
  });
  EXPECT_EQ(loop_.run(send(stream, {head, body, "", tail})), head.size() + body.size() + tail.size());
  EXPECT_TRUE(received.get_future().get() == head + body + tail);
  EXPECT_EQ(loop_.run(receive(stream, 4)), "done");
  EXPECT_TRUE(stream.is_reusable());
}

TEST_P(StreamTest, WritesManyBuffers) {
  const std::string part = pattern(1999);
  std::vector<std::string_view> parts(100, part);
  std::promise<std::string> received;
  auto& stream = open([&](Peer& peer) {
    received.set_value(peer.read(parts.size() * part.size()));
    peer.read_to_end();
  });
  EXPECT_EQ(loop_.run(send(stream, parts)), parts.size() * part.size());
  std::string expected;
  for (const auto each : parts) expected += each;
  EXPECT_TRUE(received.get_future().get() == expected);
}

TEST_P(StreamTest, ReadsLargeBodies) {
  const std::string body = pattern(20'000'000);
  auto& stream = open([&](Peer& peer) {
    peer.write(body);
    peer.read_to_end();
  });
  EXPECT_TRUE(loop_.run(receive(stream, body.size())) == body);
  EXPECT_TRUE(stream.is_reusable());
}

TEST_P(StreamTest, ReturnsEarlyWhenThePeerAnswersAndReadsNoMore) {
  const std::string body = pattern(50'000'000);
  std::promise<void> over;
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    over.get_future().wait();
  });
  EXPECT_LT(loop_.run(send(stream, {"head", body})), body.size());
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
  over.set_value();
}

TEST_P(StreamTest, FindsTheAnswerOfAPeerThatReadsOn) {
  const std::string body = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    peer.read_to_end();
  });
  EXPECT_LE(loop_.run(send(stream, {"head", body})), body.size() + 4);
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
}

TEST_P(StreamTest, FindsTheAnswerOfAPeerThatCloses) {
  const std::string body = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.write("too large");
    peer.close();  // With bytes unread: a reset follows.
  });
  EXPECT_LT(loop_.run(send(stream, {"head", body})), body.size());
  EXPECT_EQ(loop_.run(receive(stream, 9)), "too large");
}

TEST_P(StreamTest, GoesOnAfterAnInterimAnswer) {
  const std::string body = pattern(30'000'000);
  std::promise<std::string> received;
  auto& stream = open([&](Peer& peer) {
    std::string text = peer.read(100'000);
    peer.write("continue");
    text += peer.read(body.size() - text.size());
    received.set_value(std::move(text));
    peer.read_to_end();
  });
  std::size_t sent = loop_.run(send(stream, {body}));
  EXPECT_EQ(loop_.run(receive(stream, 8)), "continue");
  if (sent < body.size()) sent += loop_.run(send(stream, {std::string_view(body).substr(sent)}));
  EXPECT_EQ(sent, body.size());
  EXPECT_TRUE(received.get_future().get() == body);
}

TEST_P(StreamTest, FailsToWriteToAPeerThatHasGone) {
  const std::string body = pattern(50'000'000);
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    peer.close();
  });
  // Either the write fails, or it ends early because the end of the stream can be read.
  boost::system::error_code failure;
  try {
    EXPECT_LT(loop_.run(send(stream, {body})), body.size());
    failure = read_failure();
  } catch (const boost::system::system_error& error) {
    failure = error.code();
  }
  EXPECT_TRUE(failure) << failure.message();
  EXPECT_FALSE(stream.is_reusable());
}

TEST_P(StreamTest, IsNotReusableWithBytesThatNobodyAskedFor) {
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

TEST_P(StreamTest, SeesThatThePeerHasSaidGoodbye) {
  auto& stream = open([](Peer& peer) {
    static_cast<void>(peer.read(2));
    peer.write("bye");
    peer.say_goodbye();
  });
  EXPECT_EQ(loop_.run(send(stream, {"go"})), 2u);
  EXPECT_EQ(loop_.run(receive(stream, 3)), "bye");
  EXPECT_TRUE(becomes_unusable());
  EXPECT_EQ(read_failure(), asio::error::eof);
}

TEST_P(StreamTest, TellsACutFromAnEnd) {
  auto& stream = open([](Peer& peer) {
    static_cast<void>(peer.read(2));
    peer.write("bye");
    peer.close();
  });
  EXPECT_EQ(loop_.run(send(stream, {"go"})), 2u);
  EXPECT_EQ(loop_.run(receive(stream, 3)), "bye");
  EXPECT_TRUE(becomes_unusable());
  const boost::system::error_code failure = read_failure();
  if (GetParam() == Way::tcp) {
    EXPECT_EQ(failure, asio::error::eof);
  } else {
    EXPECT_EQ(failure, asio::ssl::error::stream_truncated);
  }
}

TEST_P(StreamTest, CloseEndsAReadUnderWay) {
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

TEST_P(StreamTest, CloseEndsAWriteUnderWay) {
  const std::string body = pattern(50'000'000);
  std::promise<void> over;
  auto& stream = open([&](Peer& peer) {
    static_cast<void>(peer.read(100'000));
    asio::post(loop_.strand(), [this] { stream_->close(); });
    over.get_future().wait();
  });
  try {
    static_cast<void>(loop_.run(send(stream, {body})));
    ADD_FAILURE() << "wrote to a closed stream";
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
  over.set_value();
}

}  // namespace
}  // namespace chroma::test

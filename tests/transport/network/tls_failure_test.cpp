// TLS that breaks: in the handshake at every byte, and later in the middle of what is said.

#include "client_side.hpp"
#include "support/process_usage.hpp"
#include "transport/socket_stream.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace chroma::test {
namespace {

using testing::HasSubstr;

/// TLS 1.2 if true.
class TlsFailureTest : public testing::TestWithParam<bool> {
 protected:
  static ServerTls server_tls() {
    ServerTls tls = trust().server_tls();
    tls.only_tls_1_2 = GetParam();
    return tls;
  }

  void open(LoopbackServer::Session session) {
    server_ = std::make_unique<LoopbackServer>([session = std::move(session)](Peer& peer) {
      peer.start_tls(server_tls());
      session(peer);
    });
    connector_ = connector_to(server_->origin(true));
    stream_ = loop_.run(connector_->connect(loop_.strand(), Clock::time_point::max()));
  }

  std::promise<void> done_;  ///< The server sets it, so it outlives the server.
  std::unique_ptr<LoopbackServer> server_;
  Loop loop_;
  std::unique_ptr<transport::Connector> connector_;
  std::unique_ptr<transport::ByteStream> stream_;
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsFailureTest, testing::Bool(),
                         [](const auto& each) { return std::string(each.param ? "Tls12" : "Tls13"); });

const std::string corrupt_record = std::string("\x17\x03\x03\x00\x30", 5) + std::string(0x30, 'x');

TEST_P(TlsFailureTest, ACorruptRecordAfterAGoodOneIsAPermanentFailure) {
  open([&](Peer& peer) {
    peer.write("hello");
    peer.write_below(corrupt_record);
    done_.set_value();
    peer.read_to_end();
  });
  done_.get_future().wait();
  EXPECT_EQ(loop_.run(receive(*stream_, 5)), "hello");
  const std::error_code first = failure_of_read(loop_, *stream_);
  EXPECT_EQ(std::string_view(first.category().name()), "asio.ssl");
  EXPECT_EQ(failure_of_read(loop_, *stream_), first);
  EXPECT_FALSE(stream_->is_reusable());
}

TEST_P(TlsFailureTest, AFailureFoundOnTheIdleConnectionStays) {
  open([&](Peer& peer) {
    peer.write_below(corrupt_record);
    done_.set_value();
    peer.read_to_end();
  });
  done_.get_future().wait();
  EXPECT_FALSE(stream_->is_reusable());
  EXPECT_EQ(std::string_view(failure_of_read(loop_, *stream_).category().name()), "asio.ssl");
  EXPECT_THROW(static_cast<void>(loop_.run(send(*stream_, {"x"}))), boost::system::system_error);
}

TEST_P(TlsFailureTest, AnAlertAfterDataIsNotTheEnd) {
  open([&](Peer& peer) {
    peer.write("hello");
    try {
      static_cast<void>(peer.read_some());
    } catch (const boost::system::system_error&) {
      // Its alert is on the way.
    }
    done_.set_value();
  });
  auto& socket = dynamic_cast<transport::SocketStream&>(*stream_).socket()->socket;
  asio::write(socket, asio::buffer(corrupt_record));
  done_.get_future().wait();
  EXPECT_EQ(loop_.run(receive(*stream_, 5)), "hello");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(failure_of_read(loop_, *stream_).message(), HasSubstr("alert bad record mac"));
  }
  EXPECT_FALSE(stream_->is_reusable());
}

// The loop returns only when neither socket nor timer waits any more.
TEST_P(TlsFailureTest, APeerMayCloseAtEveryByteOfItsHandshake) {
  const auto descriptors = open_descriptors();
  std::atomic<std::size_t> limit = 0;
  auto server = std::make_unique<LoopbackServer>([&](Peer& peer) {
    peer.close_after(limit);
    peer.start_tls(server_tls());
    peer.read_to_end();
  });
  const auto connector = connector_to(server->origin(true));
  std::size_t failures = 0;
  for (bool connected = false; !connected && limit < 10'000; limit += limit < 160 ? 5 : 41) {
    Loop loop;
    try {
      const auto deadline = Clock::now() + std::chrono::hours(1);
      connected = loop.run(connector->connect(loop.strand(), deadline)) != nullptr;
    } catch (const ChromaHttpClientError& error) {
      ++failures;
      EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::tls) << error.what();
      EXPECT_THAT(error.what(), HasSubstr("does it speak TLS on this port?"));
    }
  }
  EXPECT_GT(failures, 30u);
  EXPECT_LT(limit, 10'000u);
  server.reset();
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST(TlsNamesTest, TheSubjectIsNotAName) {
  ServerTls tls;
  tls.identity = trust().authority.issue("", -1, 1, "inner.test");
  const LoopbackServer server([tls](Peer& peer) {
    peer.start_tls(tls);
    peer.read_to_end();
  });
  transport::Origin origin = server.origin(true);
  origin.host = "inner.test";
  Loop loop;
  const auto connector =
      make_network_connector(origin, trust().options(), std::string(), hooks_with({server.endpoint()}));
  EXPECT_THAT(failure_of(loop, *connector).message, HasSubstr("no name at all, not for inner.test"));
}

}  // namespace
}  // namespace chroma::test

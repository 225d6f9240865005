#include "transport/response_reader.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chroma::transport {
namespace {

/// Feeds pieces of at most `step` bytes until the response is complete; gives back how many it took.
std::size_t feed(ResponseReader& reader, std::string_view bytes, std::size_t step) {
  std::size_t used = 0;
  while (used < bytes.size() && !reader.done()) {
    const auto room = reader.prepare();
    const std::size_t count = std::min({step, room.size(), bytes.size() - used});
    std::memcpy(room.data(), bytes.data() + used, count);
    reader.commit(count);
    used += count;
  }
  return used;
}

ResponseLimits limits(std::size_t head, std::size_t body) {
  ResponseLimits result;
  result.head_bytes = head;
  result.body_bytes = body;
  return result;
}

RequestError failure_of(std::string_view bytes, ResponseLimits limit = ResponseLimits(), bool end = true,
                        std::size_t step = 1000) {
  ResponseReader reader("server:1", limit);
  try {
    feed(reader, bytes, step);
    if (end) reader.finish();
  } catch (const ChromaHttpClientError& error) {
    return *error.get_if<RequestError>();
  }
  ADD_FAILURE() << "accepted: " << bytes.substr(0, 200);
  return {};
}

struct Case {
  const char* name;
  std::string bytes;
  int status;
  std::string body;
  bool keep_alive;
  bool ended_by_close;
};

std::vector<Case> good_responses() {
  return {
      {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-a: 1\r\n\r\nhello", 200, "hello", true, false},
      {"empty", "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 404, "", true, false},
      {"no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true, false},
      {"chunked",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3\r\nhel\r\n2;ext=\"v\"\r\nlo\r\n0\r\nx-trailer: "
       "1\r\n\r\n",
       200, "hello", true, false},
      {"chunked and empty", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true,
       false},
      {"chunked and empty, with a trailer",
       "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n000;ext=1\r\nx-trailer: 1\r\n\r\n", 200, "",
       true, false},
      {"chunk sizes with spaces",
       "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5  \r\nhello\r\n0  \r\n\r\n", 200, "hello", true,
       false},
      {"until close", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", false, true},
      {"old", "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello", false, false},
      {"close asked", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", 200, "hello",
       false, false},
      {"interim",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\n"
       "content-length: 5\r\n\r\nhello",
       201, "hello", true, false},
      {"empty reason", "HTTP/1.1 503 \r\ncontent-length: 5\r\n\r\nhello", 503, "hello", true, false},
      {"no reason", "HTTP/1.1 503\r\ncontent-length: 5\r\n\r\nhello", 503, "hello", true, false},
      {"no reason and no headers", "HTTP/1.1 204\r\n\r\n", 204, "", true, false},
      {"reason beyond ASCII", "HTTP/1.1 503 pr\xE9t \xC3\xA9\r\ncontent-length: 5\r\n\r\nhello", 503, "hello",
       true, false},
      {"bare line feeds", "HTTP/1.1 503\nContent-Length: 5\nx-a: 1\n\nhello", 503, "hello", true, false},
      {"length beside chunks",
       "HTTP/1.1 200 OK\r\ncontent-length: 7\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n000\r\n\r\n",
       200, "hello", true, false},
      {"line feeds alone", "HTTP/1.1 200 OK\ncontent-length: 5\nx-a: 1\r\n\nhello", 200, "hello", true,
       false},
      {"mixed line ends", "HTTP/1.1 200 OK\r\ncontent-length: 5\n\r\nhello", 200, "hello", true, false},
      {"header beyond ASCII",
       "HTTP/1.1 200 OK\r\nx-a: \xC3\xA9\xFF\r\nx-b:\r\ncontent-length: 5\r\n\r\nhello", 200, "hello", true,
       false},
      {"folded header", "HTTP/1.1 200 OK\r\nx-a: one\r\n two\r\ncontent-length: 5\r\n\r\nhello", 200, "hello",
       true, false},
      {"length given twice", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello", 200,
       "hello", true, false},
      {"unknown coding of the transfer",
       "HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\ncontent-length: 5\r\n\r\nhello", 200, "hello", true,
       false},
      {"connection with blanks in a token",
       "HTTP/1.1 200 OK\r\nconnection: keep-alive, foo bar\r\ncontent-length: 5\r\n\r\nhello", 200, "hello",
       false, false},
      {"connection quoted", "HTTP/1.1 200 OK\r\nConnection: \"x\"\r\ncontent-length: 5\r\n\r\nhello", 200,
       "hello", false, false},
      {"connection folded",
       "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n foo\r\ncontent-length: 5\r\n\r\nhello", 200, "hello",
       false, false},
      {"connection folded into a list",
       "HTTP/1.1 200 OK\r\nconnection: keep-alive,\r\n foo\r\ncontent-length: 5\r\n\r\nhello", 200, "hello",
       true, false},
      {"connection with empty elements",
       "HTTP/1.1 200 OK\r\nconnection: ,keep-alive ,\r\ncontent-length: 5\r\n\r\nhello", 200, "hello", true,
       false},
      {"proxy-connection of no tokens",
       "HTTP/1.1 200 OK\r\nproxy-connection: @@\r\ncontent-length: 5\r\n\r\nhello", 200, "hello", false,
       false},
      {"chunked said twice",
       "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-a: 1\r\nTransfer-Encoding:  Chunked "
       "\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
       200, "hello", true, false},
      {"folded length beside chunks",
       "HTTP/1.1 200 OK\r\nx-a: 1\r\ncontent-length:\r\n 7\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello"
       "\r\n0\r\n\r\n",
       200, "hello", true, false},
  };
}

TEST(ResponseReader, TakesResponsesSplitAtEveryByte) {
  for (const Case& c : good_responses()) {
    ResponseReader reader("server:1", ResponseLimits());
    for (std::size_t split = 0; split <= c.bytes.size(); ++split) {
      SCOPED_TRACE(std::string(c.name) + " split at " + std::to_string(split));
      reader.start();
      feed(reader, std::string_view(c.bytes).substr(0, split), c.bytes.size());
      feed(reader, std::string_view(c.bytes).substr(split), c.bytes.size());
      EXPECT_EQ(reader.done(), !c.ended_by_close);
      reader.finish();
      ASSERT_TRUE(reader.done());
      EXPECT_EQ(reader.keep_alive(), c.keep_alive);
      const HttpResponse response = reader.take();
      EXPECT_EQ(response.status, c.status);
      EXPECT_EQ(response.body.view(), c.body);
    }
    reader.start();
    feed(reader, c.bytes, 1);
    reader.finish();
    EXPECT_EQ(reader.take().body.view(), c.body) << c.name << " byte by byte";
  }
}

TEST(ResponseReader, TakesResponsesSplitInThree) {
  for (const Case& c : good_responses()) {
    ResponseReader reader("server:1", ResponseLimits());
    const std::string_view bytes = c.bytes;
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
      for (std::size_t second = first; second <= bytes.size(); ++second) {
        reader.start();
        feed(reader, bytes.substr(0, first), bytes.size());
        feed(reader, bytes.substr(first, second - first), bytes.size());
        feed(reader, bytes.substr(second), bytes.size());
        reader.finish();
        ASSERT_EQ(reader.take().body.view(), c.body) << c.name << " split at " << first << " and " << second;
      }
    }
  }
}

TEST(ResponseReader, EveryTruncationIsAnErrorOfReading) {
  for (const Case& c : good_responses()) {
    if (c.ended_by_close) continue;
    for (std::size_t length = 0; length < c.bytes.size(); ++length) {
      SCOPED_TRACE(std::string(c.name) + " cut at " + std::to_string(length));
      const RequestError error = failure_of(std::string_view(c.bytes).substr(0, length));
      EXPECT_EQ(error.stage, Stage::read);
      EXPECT_NE(error.message.find("server:1"), std::string::npos);
    }
  }
}

TEST(ResponseReader, TheResponseToConnectHasNoBody) {
  ResponseReader reader("proxy:1", ResponseLimits());
  reader.start(ResponseReader::Body::none);
  feed(reader, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", 7);
  EXPECT_TRUE(reader.done());
  EXPECT_FALSE(reader.has_surplus());
  EXPECT_EQ(reader.take().status, 200);
  reader.start(ResponseReader::Body::none);
  feed(reader, "HTTP/1.1 200 OK\r\n\r\nsurplus", 100);
  EXPECT_TRUE(reader.done());
  EXPECT_TRUE(reader.has_surplus());
}

TEST(ResponseReader, AnErrorIsKnownWhenItsHeadIs) {
  ResponseReader reader("server:1", ResponseLimits());
  feed(reader, "HTTP/1.1 413 Too Large\r\ncontent-length: 5\r\n", 100);
  EXPECT_FALSE(reader.is_error());
  feed(reader, "\r\n", 2);
  EXPECT_TRUE(reader.is_error());
  reader.start();
  EXPECT_FALSE(reader.is_error());
  feed(reader, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", 100);
  EXPECT_FALSE(reader.is_error());
}

TEST(ResponseReader, WithoutALimitThereIsRoom) {
  ResponseReader reader("server:1", limits(1000, std::numeric_limits<std::size_t>::max()));
  feed(reader, "HTTP/1.1 200 OK\r\n\r\nhel", 1000);
  EXPECT_GT(reader.prepare().size(), 0U);
  feed(reader, "lo", 2);
  reader.finish();
  EXPECT_EQ(reader.take().body.view(), "hello");
}

TEST(ResponseReader, HeadersKeepOrderAndAreFoundInAnyCase) {
  ResponseReader reader("server:1", ResponseLimits());
  feed(reader, "HTTP/1.1 200 OK\r\nChroma-Trace-Id: t\r\nX-B:  two \r\ncontent-length: 0\r\n\r\n", 100);
  const HttpResponse response = reader.take();
  ASSERT_EQ(response.headers.size(), 3u);
  EXPECT_EQ(response.headers[1].second, "two");
  EXPECT_EQ(response.header("chroma-trace-id"), "t");
}

TEST(ResponseReader, HeadersOfInterimResponsesAndTrailersAreLeftOut) {
  ResponseReader reader("server:1", ResponseLimits());
  feed(reader,
       "HTTP/1.1 103 Hints\r\nx-early: 1\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
       "x-late: 1\r\n\r\n",
       1000);
  ASSERT_TRUE(reader.done());
  const HttpResponse response = reader.take();
  EXPECT_EQ(response.header("x-early"), "");
  EXPECT_EQ(response.header("x-late"), "");
}

TEST(ResponseReader, BytesAfterAResponseForbidReuse) {
  for (const std::string_view bytes :
       {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n!"}) {
    ResponseReader reader("server:1", ResponseLimits());
    feed(reader, bytes, bytes.size());
    ASSERT_TRUE(reader.done());
    EXPECT_FALSE(reader.keep_alive());
    EXPECT_EQ(reader.take().body.view(), "ok");
  }
}

TEST(ResponseReader, BegunTellsInterimFromFinal) {
  ResponseReader reader("server:1", ResponseLimits());
  EXPECT_FALSE(reader.begun());
  feed(reader, "HTTP/1.1 100 Continue\r\n\r\n", 100);
  EXPECT_FALSE(reader.begun());
  feed(reader, "H", 1);
  EXPECT_TRUE(reader.begun());
}

TEST(ResponseReader, RefusesWhatIsNotHttp) {
  for (const std::string_view bytes : {
           "SSH-2.0-OpenSSH_9.2\r\n\r\n",
           "HTTP/2 200 OK\r\n\r\n",
           "HTTP/1.1 20 OK\r\n\r\n",
           "HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
           "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
           "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n",
           "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: gzip\r\n"
           "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
           "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
           "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokXX0\r\n\r\n",
           "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
       }) {
    EXPECT_EQ(failure_of(bytes).stage, Stage::decode) << bytes;
    EXPECT_EQ(failure_of(bytes, ResponseLimits(), true, 1).stage, Stage::decode) << bytes;
  }
}

TEST(ResponseReader, EndlessHeadersEnd) {
  const std::string endless_line = "HTTP/1.1 200 OK\r\nx: " + std::string(100'000, 'a');
  std::string endless_lines = "HTTP/1.1 200 OK\r\n";
  std::string endless_interim;
  while (endless_lines.size() < 100'000) endless_lines += "x: 1\r\n";
  while (endless_interim.size() < 100'000) endless_interim += "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string endless_reason = "HTTP/1.1 200 " + std::string(100'000, 'a');
  const std::string endless_chunk =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;" + std::string(200'000, 'a');
  for (const std::string& bytes :
       {endless_line, endless_lines, endless_interim, endless_reason, endless_chunk}) {
    for (const std::size_t step : {std::size_t(100), bytes.size()}) {
      EXPECT_EQ(failure_of(bytes, limits(10'000, 1000), false, step).stage, Stage::decode)
          << bytes.substr(0, 80);
    }
  }
}

TEST(ResponseReader, BodiesBeyondTheLimitAreRefused) {
  const std::string body(11, 'b');
  for (const std::string& bytes :
       {"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n" + body + "\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n" + body}) {
    for (const std::size_t step : {std::size_t(1), bytes.size()}) {
      const RequestError error = failure_of(bytes, limits(1000, 10), true, step);
      EXPECT_EQ(error.stage, Stage::decode);
      EXPECT_NE(error.message.find("max_response_bytes"), std::string::npos);
      ResponseReader reader("server:1", limits(1000, 11));
      feed(reader, bytes, step);
      reader.finish();
      EXPECT_EQ(reader.take().body.view(), body);
    }
  }
}

TEST(ResponseReader, MemoryGrowsWithWhatArrivesNotWithWhatIsClaimed) {
  ResponseReader reader("server:1", limits(1000, std::size_t(1) << 40));
  feed(reader, "HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\nx", 1000);
  EXPECT_LE(reader.prepare().size(), std::size_t(128) << 10);
  const std::string piece(100'000, 'x');
  feed(reader, piece, piece.size());
  EXPECT_LE(reader.prepare().size(), std::size_t(256) << 10);
}

TEST(ResponseReader, LongBodiesArriveWhole) {
  std::string body;
  for (int i = 0; i < 300'000; ++i) body += std::to_string(i);
  const std::string by_length =
      "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  std::string chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += 0x1234) {
    const std::string piece = body.substr(at, 0x1234);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    chunked.append(size).append(piece).append("\r\n");
  }
  chunked += "0\r\n\r\n";
  for (const std::string& bytes : {by_length, chunked}) {
    for (const std::size_t step : {std::size_t(777), std::size_t(70'000), bytes.size()}) {
      ResponseReader reader("server:1", ResponseLimits());
      EXPECT_EQ(feed(reader, bytes, step), bytes.size());
      ASSERT_TRUE(reader.done());
      EXPECT_TRUE(reader.keep_alive());
      EXPECT_TRUE(reader.take().body.view() == body);
    }
  }
}

TEST(ResponseReader, EndlessResponsesEndSoonAndInLittleMemory) {
  ResponseLimits limits;
  limits.head_bytes = 16'384;
  limits.body_bytes = 300'000;
  const std::pair<std::string, std::string> endless[] = {
      {"HTTP/1.1 200 OK\r\n", "x-more: 1\r\n"},
      {"HTTP/1.1 200 OK\r\nx-long: ", "aaaaaaaa"},
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\n\r\n", "aaaaaaaa"},
      {"HTTP/1.1 200 OK\r\ncontent-length: 300000000\r\n\r\n", "aaaaaaaa"},
      {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "8\r\naaaaaaaa\r\n"},
      {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8;", "aaaaaaaa"},
      {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "x-more: 1\r\n"},
  };
  for (const auto& bytes : endless) {
    SCOPED_TRACE(bytes.first + bytes.second);
    ResponseReader reader("server:1", limits);
    std::string text = bytes.first;
    std::size_t taken = 0;
    std::size_t most_room = 0;
    const auto feed_for_ever = [&] {
      while (taken < 100'000'000) {
        const asio::mutable_buffer room = reader.prepare();
        most_room = std::max(most_room, room.size());
        while (text.size() < room.size()) text += bytes.second;
        std::memcpy(room.data(), text.data(), room.size());
        text.erase(0, room.size());
        taken += room.size();
        reader.commit(room.size());
      }
    };
    EXPECT_THROW(feed_for_ever(), ChromaHttpClientError);
    EXPECT_LE(taken, 3 * limits.body_bytes);
    EXPECT_LE(most_room, limits.body_bytes + 1);
  }
}

}  // namespace
}  // namespace chroma::transport

#include "embed/http/parts.hpp"

#include "embed/failures.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>

namespace {

using namespace chroma;
using namespace chroma::embed;
using Texts = std::vector<std::string>;

Texts numbered(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(std::to_string(i));
  return texts;
}

/// A service that gives each text its number as vector. It accepts at most `most` texts in a request.
struct FakeService {
  std::size_t most = 1000;
  std::size_t most_bytes = 1'000'000;
  std::string refused;   ///< A text that fails.
  std::string too_long;  ///< A text that is longer than the service accepts; the error does not name it.
  bool holds = false;    ///< Every request waits for its cancellation.
  std::vector<std::size_t> sizes;
  std::size_t running = 0;
  std::size_t most_running = 0;
  std::size_t cancelled = 0;

  asio::awaitable<Embeddings> request(std::span<const std::string> texts) {
    sizes.push_back(texts.size());
    most_running = std::max(most_running, ++running);
    if (holds) co_await hold();
    co_await asio::post(asio::use_awaitable);  // Lets others run.
    --running;
    if (texts.size() > most) refuse("maximum allowed batch size", 413);
    if (contains(texts, refused)) refuse("no", 400);
    if (contains(texts, too_long)) refuse("This model's maximum context length is 8 tokens", 400);
    std::vector<float> values;
    std::size_t bytes = 0;
    for (const auto& text : texts) {
      values.push_back(std::stof(text));
      bytes += text.size();
    }
    if (bytes > most_bytes) refuse("length limit exceeded", 413);
    co_return Embeddings(std::move(values), 1);
  }

  asio::awaitable<void> hold() {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (...) {
      ++cancelled;
      throw;
    }
  }

  static bool contains(std::span<const std::string> texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  }

  [[noreturn]] static void refuse(const std::string& message, int status) {
    EmbeddingFunctionError error;
    error.message = message;
    error.status = status;
    throw ChromaHttpClientError(error);
  }
};

class PartsTest : public testing::Test {
 protected:
  asio::awaitable<Embeddings> embed(Texts texts, std::size_t parallel) {
    const PartsCall<Embeddings>::Request request = [this](std::span<const std::string> part) {
      return service.request(part);
    };
    return embed_in_parts<Embeddings>(
        std::make_shared<PartsCall<Embeddings>>(std::move(texts), request, limits, parallel));
  }
  static std::vector<float> flat(const Embeddings& rows) {
    std::vector<float> values;
    for (std::size_t i = 0; i < rows.size(); ++i) values.push_back(rows[i].front());
    return values;
  }
  static std::vector<float> counted(std::size_t count) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
    return values;
  }

  FakeService service;
  std::shared_ptr<RequestLimits> limits = std::make_shared<RequestLimits>(10, 1'000'000);
};

TEST_F(PartsTest, RowsAreInTheOrderOfTheTexts) {
  for (const std::size_t parallel : {1U, 4U}) {
    for (const std::size_t count : {1U, 10U, 11U, 95U}) {
      EXPECT_EQ(flat(test::run_awaitable(embed(numbered(count), parallel))), counted(count)) << count;
    }
  }
}

TEST_F(PartsTest, WithoutTextsNothingIsSent) {
  EXPECT_TRUE(test::run_awaitable(embed({}, 4)).empty());
  EXPECT_TRUE(service.sizes.empty());
}

TEST_F(PartsTest, PartsAreBoundedByNumberAndBytes) {
  (void)test::run_awaitable(embed(numbered(25), 1));
  EXPECT_EQ(service.sizes, (std::vector<std::size_t>{10, 10, 5}));
  service.sizes.clear();
  limits->bytes.set(5);
  (void)test::run_awaitable(embed({"111", "22", "3", "44444444", "5"}, 1));
  EXPECT_EQ(service.sizes, (std::vector<std::size_t>{2, 1, 1, 1}));
}

TEST_F(PartsTest, RequestsRunSideBySide) {
  (void)test::run_awaitable(embed(numbered(100), 4));
  EXPECT_EQ(service.most_running, 4U);
  EXPECT_EQ(service.sizes.size(), 10U);
}

TEST_F(PartsTest, ARefusedNumberIsHalvedAndRemembered) {
  service.most = 3;
  EXPECT_EQ(flat(test::run_awaitable(embed(numbered(20), 1))), counted(20));
  EXPECT_EQ(limits->texts.get(), 2U);
  service.sizes.clear();
  (void)test::run_awaitable(embed(numbered(4), 1));
  EXPECT_EQ(service.sizes, (std::vector<std::size_t>{2, 2}));
}

TEST_F(PartsTest, ARefusedSizeIsHalvedAndRemembered) {
  service.most_bytes = 7;
  const Texts texts(10, "111");
  EXPECT_EQ(flat(test::run_awaitable(embed(texts, 1))), std::vector<float>(10, 111));
  EXPECT_EQ(limits->texts.get(), 10U);
  EXPECT_EQ(limits->bytes.get(), 7U);  // 30, then 15 and 7.
  service.sizes.clear();
  (void)test::run_awaitable(embed(texts, 1));
  EXPECT_EQ(service.sizes, (std::vector<std::size_t>(5, 2)));
}

TEST_F(PartsTest, ATextThatIsTooLongIsFoundByHalving) {
  service.too_long = "17";
  for (const std::size_t parallel : {1U, 3U}) {
    const auto error =
        test::embedding_error_of([&] { (void)test::run_awaitable(embed(numbered(25), parallel)); });
    EXPECT_EQ(error.first_text, 17U);
    EXPECT_EQ(error.text_count, 1U);
    EXPECT_EQ(limits->texts.get(), 10U);
  }
}

TEST_F(PartsTest, ARefusalOfASingleTextIsTheError) {
  service.most = 0;
  const auto error = test::embedding_error_of([&] { (void)test::run_awaitable(embed(numbered(20), 1)); });
  EXPECT_EQ(error.first_text, 0U);
  EXPECT_EQ(error.text_count, 1U);
  EXPECT_EQ(error.status, 413);
}

TEST_F(PartsTest, AnErrorNamesThePlaceOfItsTexts) {
  service.refused = "17";
  for (const std::size_t parallel : {1U, 3U}) {
    const auto error =
        test::embedding_error_of([&] { (void)test::run_awaitable(embed(numbered(25), parallel)); });
    EXPECT_EQ(error.first_text, 10U);
    EXPECT_EQ(error.text_count, 10U);
    EXPECT_EQ(error.message, "no");
  }
}

TEST_F(PartsTest, AFailedPartCancelsTheOthers) {
  std::size_t requests = 0;
  const PartsCall<Embeddings>::Request request = [&](std::span<const std::string> part) {
    service.holds = ++requests != 3;
    service.refused = part.front();
    return service.request(part);
  };
  const auto call = std::make_shared<PartsCall<Embeddings>>(numbered(25), request, limits, 3);
  const auto error =
      test::embedding_error_of([&] { (void)test::run_awaitable(embed_in_parts<Embeddings>(call)); });
  EXPECT_EQ(error.message, "no");
  EXPECT_EQ(service.cancelled, 2U);
}

TEST_F(PartsTest, ACancelledCallCancelsItsRequests) {
  service.holds = true;
  asio::io_context context;
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(context, embed(numbered(25), 3),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr thrown, const Embeddings&) { failure = thrown; }));
  context.poll();
  EXPECT_EQ(service.running, 3U);
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  EXPECT_TRUE(failure);
  EXPECT_EQ(service.cancelled, 3U);
}

TEST_F(PartsTest, AContextMayEndBeforeItsCalls) {
  service.holds = true;
  asio::io_context context;
  asio::co_spawn(context, embed(numbered(25), 3), [](const std::exception_ptr&, const Embeddings&) {});
  context.poll();
  EXPECT_EQ(service.running, 3U);
}

TEST_F(PartsTest, PartsOfDifferentLengthsAreRefused) {
  std::map<std::size_t, Embeddings> parts;
  parts.emplace(0, Embeddings({{1, 2}}));
  parts.emplace(5, Embeddings({{1, 2, 3}}));
  const auto error = test::embedding_error_of([&] { (void)join(std::move(parts)); });
  EXPECT_EQ(error.first_text, 5U);
}

TEST_F(PartsTest, ACountThatDiffersIsRefused) {
  const PartsCall<Embeddings>::Request request =
      [](std::span<const std::string>) -> asio::awaitable<Embeddings> { co_return Embeddings({{1}}); };
  const auto call = std::make_shared<PartsCall<Embeddings>>(numbered(2), request, limits, 1);
  const auto error =
      test::embedding_error_of([&] { (void)test::run_awaitable(embed_in_parts<Embeddings>(call)); });
  EXPECT_EQ(error.message, "Embedding function returned 1 embeddings for 2 inputs");
}

}  // namespace

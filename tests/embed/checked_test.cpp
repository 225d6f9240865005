#include "embed/checked.hpp"

#include "embed/failures.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace {

using namespace chroma;
using embed::Purpose;
using test::embedding_error_of;
using test::error_of;
using test::run_awaitable;
using Texts = std::vector<std::string>;

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

/// A function that returns these rows for all texts.
auto returning(Embeddings rows) {
  return embed::dense([rows](const Texts&) { return rows; });
}
auto returning(std::vector<SparseVector> rows) {
  return embed::sparse([rows](const Texts&) { return rows; });
}
/// A function that throws this exception.
template <class Failure>
auto throwing(Failure failure) {
  return embed::dense([failure](const Texts&) -> Embeddings { throw failure; });
}
template <class Function>
auto embedded(Function function, Texts texts) {
  return run_awaitable(embed::embed_checked(std::move(function), std::move(texts), Purpose::documents));
}

TEST(EmbedChecked, ReturnsValidResults) {
  EXPECT_EQ(embedded(returning(Embeddings({{1, 2}, {3, 4}})), {"a", "b"}), Embeddings({{1, 2}, {3, 4}}));
  const std::vector<SparseVector> sparse = {SparseVector(), SparseVector({2, 5}, {1, 0})};
  EXPECT_EQ(embedded(returning(sparse), {"a", "b"}), sparse);
}

TEST(EmbedChecked, DoesNotCallTheFunctionWithoutTexts) {
  EXPECT_TRUE(embedded(throwing(std::logic_error("called")), {}).empty());
}

TEST(EmbedChecked, TellsDocumentsFromQueries) {
  class Kinds final : public embed::SparseEmbeddingFunction {
   public:
    boost::asio::awaitable<std::vector<SparseVector>> embed_strs(Texts) const override {
      co_return std::vector(1, SparseVector({1}, {1}));
    }
    boost::asio::awaitable<std::vector<SparseVector>> embed_query_strs(Texts) const override {
      co_return std::vector(1, SparseVector({2}, {1}));
    }
  };
  const auto function = std::make_shared<const Kinds>();
  EXPECT_EQ(embedded(function, {"a"})[0].indices()[0], 1U);
  EXPECT_EQ(run_awaitable(embed::embed_checked(function, Texts{"a"}, Purpose::queries))[0].indices()[0], 2U);
}

TEST(EmbedChecked, RefusesAWrongNumberOfRows) {
  const auto error = embedding_error_of([] { embedded(returning(Embeddings({{1}, {2}})), {"a", "b", "c"}); });
  EXPECT_EQ(error.message, "Embedding function returned 2 embeddings for 3 inputs");
  EXPECT_EQ(error.first_text, 0U);
  EXPECT_EQ(error.text_count, 3U);
  EXPECT_EQ(embedding_error_of([] { embedded(returning(std::vector<SparseVector>()), {"a"}); }).message,
            "Embedding function returned 0 embeddings for 1 inputs");
}

TEST(EmbedChecked, NamesTheTextWhoseRowIsWrong) {
  struct Case {
    Embeddings rows;
    const char* message;
  };
  const std::vector<Case> cases = {
      {Embeddings({{1, 2}, {1, nan_value}}), "the embedding has NaN at index 1"},
      {Embeddings({{1, 2}, {-INFINITY, 2}}), "the embedding has -infinity at index 0"},
      {Embeddings({{1, 2}, {1}}), "the embedding has 1 values, that of text 0 has 2"},
      {Embeddings({{1, 2}, std::vector<float>()}), "the embedding has no values"},
      {Embeddings({{1, 2}, std::nullopt}), "the embedding is missing"},
  };
  for (const auto& [rows, message] : cases) {
    const auto error = embedding_error_of([&rows = rows] { embedded(returning(rows), {"a", "b"}); });
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(error.first_text, 1U);
    EXPECT_EQ(error.text_count, 1U);
  }
  const auto error = error_of([&] { embedded(returning(cases[0].rows), {"a", "b"}); });
  EXPECT_STREQ(error.what(), "Embedding function error: text 1: the embedding has NaN at index 1");
}

TEST(EmbedChecked, NamesTheTextWhoseSparseVectorIsWrong) {
  const auto error = embedding_error_of([] {
    embedded(returning(std::vector{SparseVector(), SparseVector({3, 3}, {1, 1})}), {"a", "b"});
  });
  EXPECT_EQ(error.message.rfind("the sparse vector is not valid: ", 0), 0U) << error.message;
  EXPECT_EQ(error.first_text, 1U);
}

TEST(EmbedChecked, RefusesTextsThatAreNotUtf8BeforeTheCall) {
  const auto error = error_of([&] { embedded(throwing(std::logic_error("called")), {"a", "b\xFF"}); });
  const auto* validation = error.get_if<ValidationError>();
  ASSERT_NE(validation, nullptr) << error.what();
  EXPECT_EQ(validation->field, "texts");
  EXPECT_EQ(validation->message.rfind("text 1 ", 0), 0U) << validation->message;
}

TEST(EmbedChecked, WrapsForeignExceptionsAndKeepsOurOwn) {
  EXPECT_EQ(embedding_error_of([&] { embedded(throwing(std::runtime_error("no GPU")), {"a"}); }).message,
            "no GPU");
  EXPECT_NE(embedding_error_of([&] { embedded(throwing(7), {"a"}); }).message, "");
  const boost::system::system_error refused(make_error_code(boost::asio::error::connection_refused));
  EXPECT_EQ(embedding_error_of([&] { embedded(throwing(refused), {"a"}); }).message, refused.what());
  const ChromaHttpClientError timeout(RequestError{Stage::timeout, {}, "late"}, "", 3);
  EXPECT_EQ(error_of([&] { embedded(throwing(timeout), {"a"}); }).attempts(), 3U);
}

TEST(EmbedChecked, LetsACancellationPass) {
  const auto function = embed::dense([](Texts) -> boost::asio::awaitable<Embeddings> {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_at(std::chrono::steady_clock::time_point::max());
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return Embeddings();
  });
  boost::asio::io_context context;
  boost::asio::cancellation_signal cancel;
  std::exception_ptr failure;
  boost::asio::co_spawn(
      context, embed::embed_checked(function, {"a"}, Purpose::documents),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](std::exception_ptr thrown, const Embeddings&) { failure = thrown; }));
  context.poll();
  cancel.emit(boost::asio::cancellation_type::terminal);
  context.run();
  ASSERT_TRUE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), boost::asio::error::operation_aborted);
  }
}

TEST(CheckResult, CountsTextsFromTheFirstOne) {
  const auto error = embedding_error_of([] { embed::check_result(Embeddings({{1}, {nan_value}}), 2, 64); });
  EXPECT_EQ(error.first_text, 65U);
  EXPECT_EQ(embedding_error_of([] { embed::check_result(Embeddings(), 2, 64); }).first_text, 64U);
}

}  // namespace

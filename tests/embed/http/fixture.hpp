#pragma once

#include "embed/failures.hpp"
#include "support/mock_server.hpp"
#include "support/run_awaitable.hpp"
#include "support/variable.hpp"

#include <chroma/embed/http_options.hpp>
#include <chroma/embedding_function.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace chroma::test {

namespace asio = boost::asio;
using chroma::EmbeddingFunctionConfiguration;
using chroma::EmbeddingFunctionError;
using chroma::Embeddings;
using chroma::test::MockServer;
using chroma::test::Received;
using chroma::test::Reply;
using Json = nlohmann::json;
using Texts = std::vector<std::string>;

/// `count` texts of the lengths 1, 2, 3 and so on.
inline Texts texts_of_lengths(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) texts.emplace_back(i + 1, 'x');
  return texts;
}

/// The texts of a request, which are the member `key` of its body.
inline Texts texts_in(const Received& received, const char* key) {
  return Json::parse(received.body).at(key);
}

/// The embedding with which the mock servers respond for a text.
inline std::vector<float> row_of(const std::string& text) {
  return {static_cast<float>(text.size()), 0.5F};
}
inline Embeddings rows_of(const Texts& texts) {
  std::vector<std::vector<float>> rows;
  for (const auto& text : texts) rows.push_back(row_of(text));
  return Embeddings(std::move(rows));
}

/// Tests do not wait between attempts.
inline void retry_at_once(chroma::embed::HttpEmbeddingOptions& options) {
  options.retry_options.min_delay = std::chrono::milliseconds(0);
  options.retry_options.max_delay = std::chrono::milliseconds(0);
}

/// The context of a function, which the function must not outlive.
struct Context {
  template <class Rows>
  Rows run(asio::awaitable<Rows> call) {
    auto done = asio::co_spawn(context, std::move(call), asio::use_future);
    context.restart();
    context.run();
    return done.get();
  }
  [[nodiscard]] asio::any_io_executor executor() { return context.get_executor(); }

  asio::io_context context;
};

}  // namespace chroma::test

#include "embed/http/fixture.hpp"
#include "embed/hugging_face/configuration.hpp"
#include "embed/hugging_face/server.hpp"
#include "support/raw_server.hpp"

#include <chroma/embed/hugging_face_server.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <thread>

namespace {

using namespace chroma::test;
namespace hugging_face = chroma::embed::hugging_face;
using chroma::SparseVector;
using chroma::embed::HuggingFaceServerEmbeddingFunction;
using chroma::embed::HuggingFaceServerOptions;
using chroma::embed::HuggingFaceServerSparseEmbeddingFunction;

/// A server of version 1.9 that accepts at most 4 texts in a request.
struct Tei {
  Reply operator()(const Received& received) const {
    if (received.target.ends_with("/info")) return {200, info.dump()};
    const auto inputs = Json::parse(received.body).at("inputs");
    if (inputs.size() > most_texts) {
      return {422, Json{{"error", "batch size " + std::to_string(inputs.size()) +
                                      " > maximum allowed batch size " + std::to_string(most_texts)},
                        {"error_type", "Validation"}}
                       .dump()};
    }
    Json rows = Json::array();
    for (const std::string text : inputs) {
      if (received.target.ends_with("_sparse")) {
        rows.push_back({{{"index", 7}, {"value", 0.25}}, {{"index", text.size() + 10}, {"value", 0.5}}});
      } else {
        rows.push_back(row_of(text));
      }
    }
    return {200, rows.dump()};
  }

  std::size_t most_texts = 4;
  Json info = {{"model_id", "m"},
               {"model_type", {{"embedding", {{"pooling", "cls"}}}}},
               {"max_concurrent_requests", 512},
               {"max_client_batch_size", 4},
               {"version", "1.9.3"}};
};

class HuggingFaceServerTest : public testing::Test {
 protected:
  HuggingFaceServerTest() {
    options.url = server.url();
    retry_at_once(options);
  }

  Embeddings run(Texts texts) {
    Context context;
    const HuggingFaceServerEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
  EmbeddingFunctionError failure(Texts texts = {"a"}) {
    return embedding_error_of([&] { (void)run(std::move(texts)); });
  }
  /// All requests except that of `/info`.
  std::vector<Received> sent() {
    auto all = server.received();
    std::erase_if(all, [](const Received& received) { return received.method == "GET"; });
    return all;
  }

  MockServer server{Tei()};
  HuggingFaceServerOptions options;
};

TEST_F(HuggingFaceServerTest, SendsWhatTheServerExpects) {
  options.api_key = "tei-secret-1";
  EXPECT_EQ(run({"a", "bcd"}), rows_of({"a", "bcd"}));
  const auto received = server.received();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].method, "GET");
  EXPECT_EQ(received[0].target, "/info");
  EXPECT_EQ(received[0].header("authorization"), "Bearer tei-secret-1");
  EXPECT_EQ(received[1].method, "POST");
  EXPECT_EQ(received[1].target, "/embed");
  EXPECT_EQ(received[1].header("authorization"), "Bearer tei-secret-1");
  EXPECT_EQ(Json::parse(received[1].body), Json({{"inputs", {"a", "bcd"}}, {"truncate", false}}));
}

TEST_F(HuggingFaceServerTest, SendsTheOptionsThatAreSet) {
  options.truncate = true;
  options.normalize = false;
  options.dimensions = 2;
  options.prompt_name = "passage";
  options.query_prompt_name = "query";
  Context context;
  const HuggingFaceServerEmbeddingFunction function(context.executor(), options);
  (void)context.run(function.embed_strs({"a"}));
  (void)context.run(function.embed_query_strs({"b"}));
  Json expected = {{"inputs", {"a"}},
                   {"truncate", true},
                   {"normalize", false},
                   {"dimensions", 2},
                   {"prompt_name", "passage"}};
  ASSERT_EQ(sent().size(), 2U);
  EXPECT_EQ(Json::parse(sent()[0].body), expected);
  expected["inputs"] = {"b"};
  expected["prompt_name"] = "query";
  EXPECT_EQ(Json::parse(sent()[1].body), expected);
}

TEST_F(HuggingFaceServerTest, QueriesHaveThePromptOfDocumentsUnlessTheyHaveTheirOwn) {
  options.prompt_name = "p";
  Context context;
  const HuggingFaceServerEmbeddingFunction function(context.executor(), options);
  (void)context.run(function.embed_query_strs({"b"}));
  EXPECT_EQ(Json::parse(sent().at(0).body).at("prompt_name"), "p");
}

TEST_F(HuggingFaceServerTest, PostsToTheUrlAsItStands) {
  options.url = server.url() + "/prefix/embed";
  (void)run({"a"});
  EXPECT_EQ(server.received().at(0).target, "/prefix/info");
  EXPECT_EQ(sent().at(0).target, "/prefix/embed");
  server.forget();
  options.url = server.url() + "/";
  (void)run({"a"});
  EXPECT_EQ(server.received().at(0).target, "/info");
  EXPECT_EQ(sent().at(0).target, "/");
}

TEST_F(HuggingFaceServerTest, SplitsByTheServersLimit) {
  Context context;
  const HuggingFaceServerEmbeddingFunction function(context.executor(), options);
  const auto texts = texts_of_lengths(9);
  EXPECT_EQ(context.run(function.embed_strs(texts)), rows_of(texts));
  EXPECT_EQ(sent().size(), 3U);
  EXPECT_EQ(context.run(function.embed_strs(texts)), rows_of(texts));
  EXPECT_EQ(server.received().size(), 7U);  // The server is asked for its limits once.
}

TEST_F(HuggingFaceServerTest, AServerThatDoesNotTellItsLimitsInTimeIsAskedOnce) {
  chroma::test::RawServer silent([](chroma::test::RawSession& session) { session.wait_for_close(); });
  options.url = silent.origin().to_string();
  Context context;
  const auto tei = std::make_shared<hugging_face::Server>(context.executor(), options, "/embed");
  context.run(hugging_face::Server::learn_limits(
      tei, chroma::transport::deadline_after(std::chrono::milliseconds(1))));
  // Would not end if it waited for a response.
  context.run(hugging_face::Server::learn_limits(tei, chroma::transport::Clock::time_point::max()));
  EXPECT_EQ(tei->limits()->texts.get(), 32U);
}

/// A server that processes 8 texts at once and refuses what exceeds that. It responds when it is told to.
struct TeiWith8Permits {
  Reply operator()(const Received& received) {
    if (received.method == "GET") return tei(received);
    const auto count = Json::parse(received.body).at("inputs").size();
    const auto now = running += count;
    ++arrived;
    released.wait();
    const auto reply =
        now > 8 ? Reply(429, R"({"error":"Model is overloaded","error_type":"overloaded"})") : tei(received);
    running -= count;
    return reply;
  }

  Tei tei = [] {
    Tei result;
    result.info["max_concurrent_requests"] = 8;
    return result;
  }();
  std::atomic<std::size_t> running = 0;
  std::atomic<std::size_t> arrived = 0;
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
};

TEST_F(HuggingFaceServerTest, NoMoreTextsOfAllCallsAreUnderWayThanTheServerProcesses) {
  TeiWith8Permits tei;
  server.respond_side_by_side(std::ref(tei));
  options.max_parallel = 16;
  options.retry_options.max_retries = 0;
  const auto texts = texts_of_lengths(40);
  asio::thread_pool pool(4);
  const HuggingFaceServerEmbeddingFunction function(pool.get_executor(), options);
  const HuggingFaceServerEmbeddingFunction copy = function;
  std::vector<std::future<Embeddings>> calls;
  calls.push_back(asio::co_spawn(pool, function.embed_strs(texts), asio::use_future));
  calls.push_back(asio::co_spawn(pool, function.embed_query_strs(texts), asio::use_future));
  calls.push_back(asio::co_spawn(pool, copy.embed_strs(texts), asio::use_future));
  while (tei.arrived < 2) std::this_thread::yield();
  // Without permits the other 28 requests would be sent meanwhile.
  for (int i = 0; i < 2'000; ++i) std::this_thread::yield();
  EXPECT_EQ(tei.arrived, 2U);
  tei.release.set_value();
  for (auto& call : calls) EXPECT_EQ(call.get(), rows_of(texts));
  EXPECT_EQ(tei.arrived, 30U);
}

TEST_F(HuggingFaceServerTest, ARequestHasNoMoreTextsThanTheServerProcesses) {
  TeiWith8Permits tei;
  tei.tei.most_texts = 100;
  tei.release.set_value();
  server.respond_side_by_side(std::ref(tei));
  options.max_texts = 20;
  options.retry_options.max_retries = 0;
  const auto texts = texts_of_lengths(20);
  EXPECT_EQ(run(texts), rows_of(texts));
  EXPECT_EQ(sent().size(), 3U);
}

TEST_F(HuggingFaceServerTest, CancelledCallsReturnTheirPermits) {
  Tei tei;
  tei.info["max_concurrent_requests"] = 4;
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::promise<void> arrived;
  // The server's thread may still be in wait() when the test ends.
  server.respond_side_by_side([&arrived, released, tei](const Received& received) {
    if (received.method == "POST" && texts_in(received, "inputs").at(0) == "held") {
      arrived.set_value();
      released.wait();
    }
    return tei(received);
  });
  asio::io_context context;
  const HuggingFaceServerEmbeddingFunction function(context.get_executor(), options);
  std::map<std::string, asio::cancellation_signal> cancels;
  std::map<std::string, std::exception_ptr> cancelled;
  const auto start = [&](const std::string& text) {
    const auto ended = [&cancelled, text](std::exception_ptr failure, const Embeddings&) {
      cancelled[text] = std::move(failure);
    };
    asio::co_spawn(context, function.embed_strs(Texts(4, text)),
                   asio::bind_cancellation_slot(cancels[text].slot(), ended));
  };
  start("held");
  auto sent_to_server = arrived.get_future();
  while (sent_to_server.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context.poll();
  start("waits for permits");
  while (context.poll() > 0) {
  }
  for (const char* text : {"waits for permits", "held"}) {
    cancels[text].emit(asio::cancellation_type::terminal);
    while (!cancelled.contains(text)) context.run_one();
    const auto error = error_of([&] { std::rethrow_exception(cancelled[text]); });
    ASSERT_TRUE(error.is<chroma::RequestError>()) << error.what();
    EXPECT_EQ(error.get_if<chroma::RequestError>()->stage, chroma::Stage::cancelled);
    EXPECT_EQ(error.operation(), "hugging_face_server_embed");
  }
  auto last = asio::co_spawn(context, function.embed_strs(Texts(4, "next")), asio::use_future);
  context.restart();
  context.run();
  EXPECT_EQ(last.get(), rows_of(Texts(4, "next")));
  release.set_value();
  for (const auto& received : sent()) {
    EXPECT_NE(texts_in(received, "inputs").at(0), "waits for permits");
  }
}

TEST_F(HuggingFaceServerTest, AServerThatDoesNotReportItsLimitsIsSentTheDefaultNumber) {
  Tei tei;
  tei.most_texts = 32;
  for (const Reply& reply :
       {Reply(404, ""), Reply(200, "<html>"), Reply(200, R"({"max_client_batch_size":0})"),
        Reply(200, R"({"max_client_batch_size":null,"version":"1.0"})"), Reply(401, "")}) {
    server.forget();
    server.respond(
        [&](const Received& received) { return received.method == "GET" ? reply : tei(received); });
    const auto texts = texts_of_lengths(33);
    EXPECT_EQ(run(texts), rows_of(texts)) << reply.status;
    EXPECT_EQ(server.received().size(), 3U);
  }
}

TEST_F(HuggingFaceServerTest, ALimitThatIsLowerThanAnnouncedIsFound) {
  Tei tei;
  tei.most_texts = 2;
  server.respond(tei);
  const auto texts = texts_of_lengths(9);
  EXPECT_EQ(run(texts), rows_of(texts));
}

TEST_F(HuggingFaceServerTest, ABodyThatIsTooLargeIsHalved) {
  server.respond([](const Received& received) -> Reply {
    if (received.body.size() < 2000) return Tei()(received);
    return {413, "Failed to buffer the request body: length limit exceeded", "text/plain"};
  });
  const Texts texts(4, std::string(900, 'x'));
  EXPECT_EQ(run(texts), rows_of(texts));
}

TEST_F(HuggingFaceServerTest, ATextThatIsTooLongIsNamedWhateverTheStatus) {
  for (const int status : {413, 422}) {
    server.respond([=](const Received& received) -> Reply {
      if (received.method == "GET") return Tei()(received);
      for (const auto& text : texts_in(received, "inputs")) {
        if (text.size() != 3) continue;
        return {status, R"({"error":"Input validation error: `inputs` must have less than 512 tokens. )"
                        R"(Given: 514","error_type":"Validation"})"};
      }
      return Tei()(received);
    });
    const auto error = failure(texts_of_lengths(4));
    EXPECT_EQ(error.status, status);
    EXPECT_EQ(error.code, "Validation");
    EXPECT_EQ(error.first_text, 2U);
    EXPECT_EQ(error.text_count, 1U);
  }
}

TEST_F(HuggingFaceServerTest, AnOverloadedServerIsAskedAgain) {
  int count = 0;
  server.respond([&](const Received& received) -> Reply {
    if (received.method == "GET" || ++count == 3) return Tei()(received);
    return {429, R"({"error":"Model is overloaded","error_type":"Overloaded"})"};
  });
  EXPECT_EQ(run({"a"}), rows_of({"a"}));
  EXPECT_EQ(sent().size(), 3U);
}

TEST_F(HuggingFaceServerTest, KeepsWhatTheServerSaysOfARefusal) {
  const std::vector<std::tuple<Reply, const char*, const char*>> cases = {
      {Reply(400, R"({"error":"`inputs` cannot be empty","error_type":"Empty"})"), "`inputs` cannot be empty",
       "Empty"},
      {Reply(422, R"({"error":"tokenizer error x","error_type":"Tokenizer"})"), "tokenizer error x",
       "Tokenizer"},
      {Reply(424,
             R"({"error":"Model is not an embedding model with SPLADE pooling","error_type":"Backend"})"),
       "Model is not an embedding model with SPLADE pooling", "Backend"},
      {Reply(401, ""), "the response has no error message; no API key was sent", ""},
      {Reply(422, "Failed to deserialize the JSON body into the target type", "text/plain"),
       "Failed to deserialize the JSON body into the target type", ""},
      {Reply(415, "Expected request with `Content-Type: application/json`", "text/plain"),
       "Expected request with `Content-Type: application/json`", ""},
  };
  for (const auto& [reply, message, code] : cases) {
    server.forget();
    server.respond([refusal = reply](const Received& received) {
      return received.method == "GET" ? Tei()(received) : refusal;
    });
    const auto error = failure();
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(error.code, code);
    EXPECT_EQ(error.status, reply.status);
    EXPECT_FALSE(error.retryable);
    EXPECT_EQ(sent().size(), 1U);
  }
}

TEST_F(HuggingFaceServerTest, RefusesResponsesThatAreNotAsTheyMustBe) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {"[]", "returned 0 embeddings for 1 inputs"},
      {"[[1,null]]", "NaN"},
      {"[[[1]]]", "/0/0"},
      {R"({"error":"x"})", "x"},
      {R"({"embeddings":[[1]]})", "not of the expected form"},
      {"ok", "not JSON"},
  };
  for (const auto& [body, expected] : bodies) {
    server.respond([text = body](const Received& received) {
      return received.method == "GET" ? Tei()(received) : Reply(200, text);
    });
    const auto message = failure().message;
    EXPECT_NE(message.find(expected), std::string::npos) << body << ": " << message;
  }
}

TEST_F(HuggingFaceServerTest, WritesAConfigurationThatPythonReads) {
  Context context;
  const HuggingFaceServerEmbeddingFunction plain(context.executor(), options);
  EXPECT_EQ(plain.configuration()->name(), "huggingface_server");
  EXPECT_EQ(Json::parse(plain.configuration()->config()), Json({{"url", server.url() + "/embed"}}));
  options.api_key_env_var = "TEI_API_KEY";
  const HuggingFaceServerEmbeddingFunction with_key(context.executor(), options);
  EXPECT_EQ(Json::parse(with_key.configuration()->config()),
            Json({{"url", server.url() + "/embed"}, {"api_key_env_var", "TEI_API_KEY"}}));
}

TEST_F(HuggingFaceServerTest, ItsConfigurationHasNoPassword) {
  Context context;
  options.url = "https://user:password@h/embed@1";
  const HuggingFaceServerEmbeddingFunction function(context.executor(), options);
  EXPECT_EQ(Json::parse(function.configuration()->config()), Json({{"url", "https://h/embed@1"}}));
}

TEST_F(HuggingFaceServerTest, AFunctionOfAConfigurationSendsWhatPythonSends) {
  options = hugging_face::read_configuration(EmbeddingFunctionConfiguration::known(
      "huggingface_server", R"({"api_key_env_var":null,"url":")" + server.url() + "\"}"));
  (void)run({"a"});
  EXPECT_EQ(sent().at(0).target, "/");
  EXPECT_EQ(Json::parse(sent().at(0).body), Json({{"inputs", {"a"}}}));
}

class HuggingFaceServerSparseTest : public HuggingFaceServerTest {
 protected:
  std::vector<SparseVector> run_sparse(Texts texts) {
    Context context;
    const HuggingFaceServerSparseEmbeddingFunction function(context.executor(), options);
    return context.run(function.embed_strs(std::move(texts)));
  }
};

TEST_F(HuggingFaceServerSparseTest, SendsWhatTheServerExpects) {
  options.normalize = false;
  options.dimensions = 3;
  const auto vectors = run_sparse({"a", "bcd"});
  EXPECT_EQ(vectors, (std::vector<SparseVector>{SparseVector({7, 11}, {0.25F, 0.5F}),
                                                SparseVector({7, 13}, {0.25F, 0.5F})}));
  EXPECT_EQ(sent().at(0).target, "/embed_sparse");
  EXPECT_EQ(Json::parse(sent().at(0).body), Json({{"inputs", {"a", "bcd"}}, {"truncate", false}}));
}

TEST_F(HuggingFaceServerSparseTest, SplitsAndKeepsTheOrder) {
  const auto vectors = run_sparse(texts_of_lengths(10));
  ASSERT_EQ(vectors.size(), 10U);
  for (std::size_t i = 0; i < vectors.size(); ++i) EXPECT_EQ(vectors[i].indices()[1], i + 11);
  EXPECT_EQ(sent().size(), 3U);
}

TEST_F(HuggingFaceServerSparseTest, SortsItsIndicesAndRefusesDuplicates) {
  const auto respond_with = [&](const char* body) {
    server.respond([=](const Received& received) {
      return received.method == "GET" ? Tei()(received) : Reply(200, body);
    });
  };
  respond_with(R"([[{"index":5,"value":1},{"index":2,"value":3}]])");
  EXPECT_EQ(run_sparse({"a"}).at(0), SparseVector({2, 5}, {3, 1}));
  for (const char* body : {R"([[{"index":5,"value":1},{"index":5,"value":3}]])", R"([[{"index":5}]])",
                           R"([[{"index":-1,"value":1}]])", R"([[{"index":5,"value":null}]])", "[]"}) {
    respond_with(body);
    const auto error = embedding_error_of([&] { (void)run_sparse({"a"}); });
    EXPECT_EQ(error.first_text, 0U) << body;
  }
}

}  // namespace

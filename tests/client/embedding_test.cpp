// Embedding functions of collections: where they come from, and the embeddings of records that are written.
#include "client/call.hpp"
#include "client/embedding_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chroma::test {
namespace {

namespace asio = boost::asio;

constexpr const char* known_length = R"({"type":"known","name":"length","config":{"size":2}})";

class EmbeddingFunctionTest : public EmbeddingTest {
 protected:
  const std::vector<std::string> ids = {"a", "b"};

  [[nodiscard]] std::string configured(const std::string& function) {
    return R"(,"configuration_json":{"embedding_function":)" + function + "}";
  }
};

TEST_F(EmbeddingFunctionTest, AddAndUpsertEmbedTheDocuments) {
  const auto collection = handle_with_function();
  run(collection.add(AddRequest(ids).documents({"one", "three"})));
  auto body = sent();
  EXPECT_EQ(body["embeddings"], json::parse("[[3.0,0.0],[5.0,0.0]]"));
  EXPECT_EQ(body["documents"], json::parse(R"(["one","three"])"));
  run(collection.upsert(UpsertRequest(ids).documents({"", "xy"})));
  EXPECT_EQ(sent()["embeddings"], json::parse("[[0.0,0.0],[2.0,0.0]]"));
  EXPECT_EQ(calls->take(), (std::vector<Texts>{{"one", "three"}, {"", "xy"}}));
}

TEST_F(EmbeddingFunctionTest, EmbeddingsOfTheCallerAreSentAsTheyAre) {
  const auto collection = handle_with_function();
  run(collection.add(AddRequest(ids, {{1, 2}, {3, 4}}).documents({"one", "three"})));
  EXPECT_EQ(sent()["embeddings"], json::parse("[[1.0,2.0],[3.0,4.0]]"));
  EXPECT_TRUE(calls->take().empty());
}

TEST_F(EmbeddingFunctionTest, UpdateEmbedsTheDocumentsThatChange) {
  const auto collection = handle_with_function();
  const std::vector<std::string> three = {"a", "b", "c"};
  run(collection.update(UpdateRequest(three).documents({std::nullopt, "four", std::nullopt})));
  EXPECT_EQ(sent()["embeddings"], json::parse("[null,[4.0,0.0],null]"));
  EXPECT_EQ(calls->take(), (std::vector<Texts>{{"four"}}));

  run(collection.update(UpdateRequest(ids).documents({std::nullopt, std::nullopt})));
  EXPECT_TRUE(sent()["embeddings"].is_null());
  run(collection.update(UpdateRequest(ids).metadatas({UpdateMetadata{{"k", 1}}, std::nullopt})));
  EXPECT_TRUE(sent()["embeddings"].is_null());
  run(collection.update(UpdateRequest(ids, {{1, 2}, std::nullopt}).documents({"x", "y"})));
  EXPECT_EQ(sent()["embeddings"], json::parse("[[1.0,2.0],null]"));
  EXPECT_TRUE(calls->take().empty());
}

TEST_F(EmbeddingFunctionTest, UpdateWithoutAFunctionLeavesTheEmbeddings) {
  auto collection = handle();
  run(collection.update(UpdateRequest(ids).documents({"x", "y"})));
  EXPECT_TRUE(sent()["embeddings"].is_null());
  // But not if the collection names a function that cannot be built: the embeddings would not fit the
  // documents.
  collection = handle(configured(R"({"type":"known","name":"absent","config":{}})"));
  EXPECT_TRUE(fail(collection.update(UpdateRequest(ids).documents({"x", "y"}))).is<EmbeddingFunctionError>());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingFunctionTest, IsBuiltFromTheConfigurationWhenFirstNeeded) {
  const auto collection = handle(configured(known_length));
  EXPECT_EQ(built, 0);
  run(collection.add(AddRequest(ids).documents({"one", "three"})));
  run(collection.upsert(UpsertRequest(ids).documents({"one", "three"})));
  EXPECT_EQ(built, 1);
  EXPECT_EQ(calls->take().size(), 2U);
  const auto copy = collection;
  EXPECT_TRUE(copy.embedding_function().has_value());
  EXPECT_TRUE(copy.with_timeout(std::chrono::seconds(5)).embedding_function().has_value());
  EXPECT_EQ(built, 1);
}

TEST_F(EmbeddingFunctionTest, IsBuiltFromTheSchema) {
  const std::string index =
      R"({"float_list":{"vector_index":{"enabled":true,"config":{"embedding_function":)" +
      std::string(known_length) + "}}}}";
  auto collection = handle(R"(,"schema":{"defaults":{},"keys":{"#embedding":)" + index + "}}");
  EXPECT_TRUE(collection.embedding_function().has_value());
  collection = handle(R"(,"schema":{"defaults":)" + index + R"(,"keys":{}})");
  EXPECT_TRUE(collection.embedding_function().has_value());
}

TEST_F(EmbeddingFunctionTest, TheConfigurationPrecedesTheSchema) {
  const std::string absent = R"({"type":"known","name":"absent","config":{}})";
  const auto schema = [](const std::string& function) {
    return R"(,"schema":{"defaults":{},"keys":{"#embedding":{"float_list":{"vector_index":{"enabled":true,"config":{)"
           R"("embedding_function":)" +
           function + "}}}}}}";
  };
  EXPECT_TRUE(handle(configured(known_length) + schema(absent)).embedding_function().has_value());
  EXPECT_FALSE(handle(configured(absent) + schema(known_length)).embedding_function().has_value());
  EXPECT_TRUE(
      handle(configured(R"({"type":"legacy"})") + schema(known_length)).embedding_function().has_value());
}

TEST_F(EmbeddingFunctionTest, ThatCannotBeBuiltIsReportedWhereItIsNeeded) {
  const auto collection = handle(configured(R"({"type":"known","name":"default","config":{}})"));
  const auto reason = collection.embedding_function();
  ASSERT_FALSE(reason.has_value());
  EXPECT_NE(std::string(reason.error().what()).find("chroma::onnx"), std::string::npos)
      << reason.error().what();
  const auto error = fail(collection.add(AddRequest(ids).documents({"x", "y"})));
  EXPECT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_EQ(error.operation(), "collection_add");
  EXPECT_TRUE(server.received().empty());
  // All other operations work.
  run(collection.add(AddRequest(ids, {{1}, {2}}).documents({"x", "y"})));
  server.respond(Reply(200, "2"));
  EXPECT_EQ(run(collection.count()), 2U);
}

TEST_F(EmbeddingFunctionTest, OfTheCallerPrecedesTheOneOfTheCollection) {
  auto collection = handle(configured(R"({"type":"known","name":"absent","config":{}})"));
  collection.set_embedding_function(std::make_shared<const LengthFunction>(calls));
  EXPECT_EQ(run(collection.embed_documents({"one", "three"})), Embeddings({{3, 0}, {5, 0}}));
  EXPECT_EQ(run(collection.embed_query({"one"})), Embeddings({{3, 1}}));
  EXPECT_EQ(run(collection.embed_query({})).size(), 0U);
  EXPECT_TRUE(server.received().empty());
  collection.set_embedding_function(nullptr);
  EXPECT_TRUE(collection.embedding_function().error().is<MissingEmbeddingFunction>());
  EXPECT_TRUE(fail(collection.embed_documents({"x"})).is<MissingEmbeddingFunction>());
}

TEST_F(EmbeddingFunctionTest, CopiesAreIndependent) {
  auto first = handle_with_function();
  auto second = first;
  second.set_embedding_function(nullptr);
  EXPECT_TRUE(first.embedding_function().has_value());
  EXPECT_FALSE(second.embedding_function().has_value());
}

TEST_F(EmbeddingFunctionTest, AForkHasTheFunctionOfItsSource) {
  const auto collection = handle_with_function();
  server.respond(Reply(200, collection_json("copy")));
  const auto fork = run(collection.fork("copy"));
  EXPECT_EQ(*fork.embedding_function(), *collection.embedding_function());
}

TEST_F(EmbeddingFunctionTest, AnEmptyHandleHasNone) {
  ChromaCollection empty;
  EXPECT_TRUE(empty.embedding_function().error().is<ValidationError>());
  EXPECT_THROW(empty.set_embedding_function(nullptr), ChromaHttpClientError);
  EXPECT_TRUE(fail(empty.embed_query({"x"})).is<ValidationError>());
  EXPECT_TRUE(fail(empty.embedded(AddRequest(ids).documents({"x", "y"}))).is<ValidationError>());
}

TEST_F(EmbeddingFunctionTest, ErrorsNameTheRecord) {
  const auto collection = handle_with_function();
  const std::vector<std::string> four = {"a", "b", "c", "d"};
  const auto error =
      fail(collection.update(UpdateRequest(four).documents({std::nullopt, "fine", std::nullopt, "fail"})));
  ASSERT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_EQ(error.get_if<EmbeddingFunctionError>()->first_text, 3U);
  EXPECT_EQ(error.operation(), "collection_update");
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingFunctionTest, ErrorsNameTheRecordOfATextThatTheFunctionRefuses) {
  auto collection = handle();
  collection.set_embedding_function(embed::dense([](const Texts&) -> Embeddings {
    throw ChromaHttpClientError(ValidationError{"text 1 is empty, which OpenAI refuses", "texts"});
  }));
  const std::vector<std::string> four = {"a", "b", "c", "d"};
  const auto error =
      fail(collection.update(UpdateRequest(four).documents({std::nullopt, "fine", std::nullopt, ""})));
  ASSERT_TRUE(error.is<ValidationError>()) << error.what();
  EXPECT_EQ(error.get_if<ValidationError>()->message, "text 3 is empty, which OpenAI refuses");
}

TEST_F(EmbeddingFunctionTest, AResultOfTheWrongFormIsNotSent) {
  auto collection = handle();
  collection.set_embedding_function(embed::dense([](const Texts&) { return Embeddings({{1, 2}}); }));
  const auto error = fail(collection.add(AddRequest(ids).documents({"x", "y"})));
  EXPECT_NE(std::string(error.what()).find("returned 1 embeddings for 2 inputs"), std::string::npos)
      << error.what();
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingFunctionTest, EmbeddedIsWhatIsSent) {
  const auto collection = handle_with_function();
  const auto request = run(collection.embedded(AddRequest(ids).documents({"one", "three"})));
  EXPECT_EQ(request, AddRequest(ids, {{3, 0}, {5, 0}}).documents({"one", "three"}));
  EXPECT_TRUE(server.received().empty());
  EXPECT_EQ(calls->take().size(), 1U);
  run(collection.add(request));
  EXPECT_TRUE(calls->take().empty());
  const auto update = run(collection.embedded(UpdateRequest(ids).documents({std::nullopt, "x"})));
  EXPECT_EQ(update.embeddings(), Embeddings({std::nullopt, std::vector<float>{1, 0}}));
  EXPECT_TRUE(fail(collection.embedded(UpsertRequest(ids))).is<MissingDocumentsForEmbedding>());
}

TEST_F(EmbeddingFunctionTest, TheErrorOfAWriteSaysHowEmbeddingsAreKept) {
  const auto collection = handle_with_function();
  server.respond(Reply(500, R"({"error":"InternalError","message":"disk full"})"));
  auto error = fail(collection.add(AddRequest(ids).documents({"x", "y"})));
  EXPECT_EQ(error.status(), 500);
  EXPECT_NE(std::string(error.what()).find("embedded(request)"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("disk full"), std::string::npos) << error.what();
  error = fail(collection.add(AddRequest(ids, {{1}, {2}})));
  EXPECT_EQ(std::string(error.what()).find("embedded(request)"), std::string::npos) << error.what();
}

TEST_F(EmbeddingFunctionTest, ACallMayBeCancelledWhileItEmbeds) {
  auto collection = handle();
  asio::io_context context;
  asio::cancellation_signal cancel;
  collection.set_embedding_function(embed::dense([&](Texts) -> asio::awaitable<Embeddings> {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer never(executor, asio::steady_timer::time_point::max());
    asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); });
    co_await never.async_wait(asio::use_awaitable);
    co_return Embeddings();
  }));
  std::exception_ptr failure;
  asio::co_spawn(context, collection.add(AddRequest(ids).documents({"x", "y"})),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) { failure = e; }));
  context.run();
  ASSERT_TRUE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const ChromaHttpClientError& error) {
    ASSERT_TRUE(error.is<RequestError>());
    EXPECT_EQ(error.get_if<RequestError>()->stage, Stage::cancelled);
  }
  EXPECT_TRUE(server.received().empty());
}

TEST_F(EmbeddingFunctionTest, TheDeadlineBeginsAnewAfterTheEmbedding) {
  detail::Call call(detail::op::collection_add,
                    detail::make_client_state(runtime.executor(), options_for(server)));
  const auto begin = call.deadline;
  call.deadline = transport::Clock::time_point::min();
  call.restart_deadline();
  EXPECT_GE(call.deadline, begin);
}

TEST_F(EmbeddingFunctionTest, CreateCollectionRecordsIt) {
  server.respond(Reply(200, collection_json()));
  const auto function = std::make_shared<const LengthFunction>(calls, "openai");
  const auto client = embedding_client();
  auto collection = run(client.create_collection("abc", std::nullopt, std::nullopt, function));
  const auto schema = sent()["schema"];
  const auto expected = json::parse(R"({"type":"known","name":"openai","config":{"size":2}})");
  const auto config = [](const json& types) { return types["float_list"]["vector_index"]["config"]; };
  EXPECT_EQ(config(schema["defaults"])["embedding_function"], expected);
  EXPECT_EQ(config(schema["keys"]["#embedding"])["embedding_function"], expected);
  EXPECT_EQ(config(schema["defaults"])["space"], "cosine");
  EXPECT_EQ(config(schema["keys"]["#embedding"])["space"], "cosine");
  EXPECT_EQ(*collection.embedding_function(), function);

  collection = run(client.create_collection("abc", Schema().space(Space::Ip), std::nullopt, function));
  EXPECT_EQ(config(sent()["schema"]["keys"]["#embedding"])["space"], "ip");

  const auto own = std::make_shared<const LengthFunction>(calls, "own");
  run(client.create_collection("abc", Schema::empty(), std::nullopt, own));
  const auto of_own = sent()["schema"]["keys"]["#embedding"]["float_list"]["vector_index"];
  EXPECT_EQ(of_own["enabled"], true);
  EXPECT_EQ(of_own["config"]["embedding_function"]["name"], "own");
  EXPECT_TRUE(of_own["config"].value("space", json()).is_null());

  // Without a configuration there is nothing to record.
  run(client.create_collection("abc", std::nullopt, std::nullopt,
                               std::make_shared<const LengthFunction>(calls)));
  EXPECT_EQ(config(sent()["schema"]["defaults"])["embedding_function"], json::parse(R"({"type":"legacy"})"));
}

TEST_F(EmbeddingFunctionTest, TheFunctionNamedDefaultIsInTheConfigurationAsWell) {
  server.respond(Reply(200, collection_json()));
  const auto client = embedding_client();
  const auto body_for = [&](const std::string& name) {
    run(client.create_collection("abc", std::nullopt, std::nullopt,
                                 std::make_shared<const LengthFunction>(calls, name)));
    return sent();
  };
  const auto body = body_for("default");
  const auto expected = json::parse(R"({"type":"known","name":"default","config":{"size":2}})");
  EXPECT_EQ(body["configuration"], json({{"embedding_function", expected}}));
  const auto& types = body["schema"]["keys"]["#embedding"];
  EXPECT_EQ(types["float_list"]["vector_index"]["config"]["embedding_function"], expected);
  EXPECT_EQ(body_for("openai").count("configuration"), 0U);
}

TEST_F(EmbeddingFunctionTest, GetOrCreateRefusesAnotherFunction) {
  const auto client = embedding_client();
  const auto existing = [&](const std::string& name) {
    server.respond(Reply(
        200, collection_json("abc", configured(R"({"type":"known","name":")" + name + R"(","config":{}})"))));
  };
  const auto get = [&](const std::string& name) {
    return client.get_or_create_collection("abc", std::nullopt, std::nullopt,
                                           std::make_shared<const LengthFunction>(calls, name));
  };
  existing("openai");
  EXPECT_NO_THROW(run(get("openai")));
  EXPECT_NO_THROW(run(get("")));  // It has no name.
  const auto error = fail(get("ollama"));
  EXPECT_TRUE(error.is<EmbeddingFunctionError>());
  EXPECT_NE(std::string(error.what()).find("'openai', not of 'ollama'"), std::string::npos) << error.what();
  existing("onnx_mini_lm_l6_v2");
  EXPECT_NO_THROW(run(get("default")));
}

TEST_F(EmbeddingFunctionTest, FactoriesGetTheCredentialsOfTheHandle) {
  auto options = options_for(server);
  options.auth_method = ChromaAuthMethod::cloud_api_key("first");
  std::string key;
  options.embedding_functions.add_dense("length", [&](const auto&, const embed::FactoryContext& context) {
    key = context.options.auth_method.value();
    return std::make_shared<const LengthFunction>(calls);
  });
  const ChromaHttpClient client(runtime.executor(), options);
  server.respond(Reply(200, collection_json("abc", configured(known_length))));
  EXPECT_TRUE(run(client.get_collection("abc")).embedding_function().has_value());
  EXPECT_EQ(key, "first");
  const auto scoped = client.with_scope(ChromaAuthMethod::cloud_api_key("second"), "t", "d");
  EXPECT_TRUE(run(scoped.get_collection("abc")).embedding_function().has_value());
  EXPECT_EQ(key, "second");
}

}  // namespace
}  // namespace chroma::test

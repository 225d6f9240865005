// A file of a user, with most of the public interface. It is compiled and never run: no warning may come from
// it.
#include <chroma/bulk.hpp>
#include <chroma/chroma.hpp>
#include <chroma/embedding_function.hpp>
#include <chroma/pages.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

chroma::Metadata metadata_of(int year) {
  chroma::Metadata metadata{{"title", "Dune"}, {"year", year}, {"rating", 4.5F}, {"read", true}};
  metadata["tags"] = std::vector<std::string>{"desert", "spice"};
  metadata["sparse"] = chroma::SparseVector({1, 5}, {0.5F, 0.25F});
  return metadata;
}

chroma::UpsertRequest upsert_of(std::vector<float> values) {
  chroma::UpsertRequest request({"a", "b"}, chroma::Embeddings(std::move(values), 2));
  request.documents({"text", std::nullopt}).uris({std::nullopt, "file:///b"});
  request.metadatas({metadata_of(1965), std::nullopt});
  return request;
}

chroma::UpdateRequest update_of() {
  chroma::UpdateRequest request({"a"});
  return request.embeddings({{0.1F, 0.2F}}).metadatas({{{"year", nullptr}, {"read", false}}});
}

chroma::Where filter() {
  const chroma::Key year("year");
  return (year >= 1960 && year < 1970) || chroma::Key::Document.contains("desert") ||
         chroma::Key("tags").contains_value("spice") || chroma::Key("name").is_in({"a", "b"});
}

chroma::SearchPayload payload() {
  auto knn = chroma::Knn(std::vector<float>{0.1F, 0.2F}).limit(10).return_rank(true);
  auto sparse = chroma::Knn(chroma::SparseVector({1}, {1.0F})).key("sparse").default_score(2.0F);
  auto rank = chroma::rrf({knn, sparse}, 60, {0.7F, 0.3F}, true) * 0.5 + chroma::RankExpr(1).exp();
  return chroma::SearchPayload()
      .where(filter())
      .rank(rank)
      .limit(5)
      .group_by(chroma::GroupBy({chroma::Key("author")}, chroma::Aggregate::min_k({chroma::Key::Score}, 2)))
      .select(chroma::Key::Document, chroma::Key::Score, "title");
}

chroma::Schema schema() {
  chroma::Schema result;
  result.create_index("words", chroma::SparseVectorIndexConfig());
  result.delete_index("notes", chroma::StringInvertedIndexConfig());
  return result;
}

asio::awaitable<void> work(chroma::ChromaHttpClient client) {
  auto books = co_await client.get_or_create_collection("books", schema(), metadata_of(1));
  auto upsert = upsert_of({1, 2, 3, 4});
  co_await books.upsert(std::move(upsert));
  co_await books.update(update_of());
  chroma::GetRequest get;
  get.ids("a", "b").where(filter()).limit(10).include(chroma::Include::Embedding, chroma::Include::Metadata);
  const auto got = co_await books.get(std::move(get));
  for (auto row : got.rows()) {
    std::cout << row.id;
    if (row.metadata != nullptr) std::cout << *row.metadata;
    if (row.embedding) std::cout << row.embedding->size();
  }
  chroma::QueryRequest query(chroma::Embeddings::row({0.1F, 0.2F}));
  auto nearest = co_await books.query(query.n_results(3));
  nearest.sort_by_ids();
  for (auto row : nearest.rows()) std::cout << row.distance.value_or(0);
  const auto searched = co_await books.search(payload());
  std::cout << searched.ids.size();
  co_await books.delete_records(chroma::DeleteRequest().ids("a"));
  co_await books.modify("novels", metadata_of(2));
  const auto result = co_await chroma::as_result(books.count());
  if (!result) {
    const auto& error = result.error();
    if (const auto* api = error.get_if<chroma::ApiError>()) std::cout << api->status << api->message;
    std::cout << error.what();
  }
}

asio::awaitable<void> load(chroma::ChromaCollection books) {
  books.set_embedding_function(chroma::embed::dense([](const std::vector<std::string>& texts) {
    return chroma::Embeddings(std::vector<float>(2 * texts.size(), 0.5F), 2);
  }));
  chroma::BulkOptions options;
  options.on_batch = [](const chroma::BatchOutcome& batch) { std::cout << batch.rows; };
  chroma::BulkWriter writer(books, std::move(options));
  chroma::BulkRecord record("c");
  record.document("text").metadata(metadata_of(3));
  co_await writer.write(std::move(record));
  const auto report = co_await writer.finish();
  std::cout << report.complete() << report.progress.stored;
  auto pages = books.pages(chroma::GetRequest());
  while (co_await pages.next()) std::cout << pages.page().ids.size();
  chroma::QueryRequest query;
  query.query_texts({"text"});
  const auto nearest = co_await books.query(std::move(query));
  std::cout << nearest.ids.size();
}

int main() {
  chroma::ChromaHttpClientOptions options;
  options.auth_method = chroma::ChromaAuthMethod::header("x-token", "secret");
  options.default_headers.emplace_back("x-name", "value");
  chroma::Runtime runtime;
  const chroma::ChromaHttpClient client(runtime.executor(), options);
  runtime.block_on(work(client));
  runtime.block_on(load(runtime.block_on(client.get_collection("books"))));
  auto count = runtime.submit(client.count_collections());
  runtime.submit(client.version(),
                 [](const chroma::Result<std::string>& version) { std::cout << version.has_value(); });
  std::cout << count.get();
  auto copy = upsert_of({1, 2, 3, 4});
  auto other = copy;
  copy = std::move(other);
  std::cout << (copy == upsert_of({})) << filter() << schema();
}

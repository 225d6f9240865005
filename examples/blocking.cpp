// Blocking calls, without coroutines: a runtime runs the operations on its own thread.
#include <chroma/chroma.hpp>

#include <iostream>

int main() try {
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());

  auto colors = runtime.block_on(client.get_or_create_collection("blocking_example"));
  runtime.block_on(
      colors.upsert(chroma::UpsertRequest({"red", "green", "blue"}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
                        .documents("a tomato", "a leaf", "the sky")));

  auto response = runtime.block_on(colors.query(chroma::QueryRequest({{0.9F, 0.2F, 0.1F}}).n_results(2)));
  for (const auto row : response.rows()) {
    std::cout << row.id << ": " << row.document.value_or("") << ", distance " << row.distance.value_or(0)
              << '\n';
  }

  runtime.block_on(client.delete_collection("blocking_example"));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

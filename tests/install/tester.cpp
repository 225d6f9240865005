// A user's test program with FakeServer. Prints the number of records that were stored.
#include <chroma/chroma.hpp>
#include <chroma/testing.hpp>

#include <iostream>

int main() {
  const chroma::testing::FakeServer server;
  chroma::Runtime runtime;
  const chroma::ChromaHttpClient client(runtime.executor(), server.options());
  const auto books = runtime.block_on(client.create_collection("books"));
  const chroma::Embeddings embeddings({{1.0F}, {2.0F}});
  runtime.block_on(books.add(chroma::AddRequest({"a", "b"}, embeddings)));
  std::cout << runtime.block_on(books.count()) << " records\n";
}

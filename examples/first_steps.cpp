// Stores three records and finds the nearest one.
#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> first_steps(chroma::ChromaHttpClient client) {
  auto colors = co_await client.get_or_create_collection("colors");

  chroma::UpsertRequest records({"red", "green", "blue"}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
  records.documents("a tomato", "a leaf", "the sky");
  co_await colors.upsert(records);

  chroma::QueryRequest request({{0.9F, 0.2F, 0.1F}});
  auto response = co_await colors.query(request.n_results(2));
  for (auto row : response.rows()) {
    std::cout << row.id << " (" << *row.document << "), distance " << *row.distance << '\n';
  }
}

int main() try {
  asio::io_context context;
  auto client = chroma::ChromaHttpClient::from_env(context.get_executor());
  asio::co_spawn(context, first_steps(client), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

// Creates, renames, lists and deletes a collection.
#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> tour(chroma::ChromaHttpClient client) {
  chroma::Metadata about;
  about["topic"] = "birds";
  about["year"] = 2026;
  auto birds = co_await client.get_or_create_collection("birds_example", std::nullopt, about);
  std::cout << "created " << birds << '\n';

  co_await birds.modify("sea_birds_example");
  std::cout << "renamed to " << birds.name() << '\n';

  std::cout << co_await client.count_collections() << " collections, among them:\n";
  for (const auto& collection : co_await client.list_collections(100)) {
    if (collection.metadata())
      std::cout << "  " << collection.name() << ' ' << *collection.metadata() << '\n';
  }

  co_await client.delete_collection("sea_birds_example");
  auto deleted = co_await chroma::as_result(client.get_collection("sea_birds_example"));
  std::cout << "deleted; getting it again fails: " << deleted.error().what() << '\n';
}

int main() try {
  asio::io_context context;
  asio::co_spawn(context, tour(chroma::ChromaHttpClient::from_env(context.get_executor())),
                 [](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
  context.run();
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

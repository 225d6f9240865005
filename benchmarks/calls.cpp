// Measures CPU time and memory of calls against a server that sends constant responses, which
// scripts/benchmark starts. Prints one line of JSON.
#include "process_costs.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;

namespace {

constexpr std::size_t rows = 1000;
constexpr std::size_t width = 1536;

/// The matrix of an upsert. The request is a view of it, so that only memory of the client is measured.
struct Matrix {
  Matrix() : values(rows * width) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (auto& value : values) value = normal(random);
    for (std::size_t i = 0; i < rows; ++i) ids.push_back("id-" + std::to_string(i));
  }
  std::vector<float> values;
  std::vector<std::string> ids;
};

asio::awaitable<void> call(const chroma::ChromaHttpClient& client, const chroma::ChromaCollection& collection,
                           std::string_view operation, const Matrix* matrix) {
  if (operation == "heartbeat") {
    static_cast<void>(co_await client.heartbeat());
  } else if (operation == "upsert") {
    chroma::UpsertRequest request(matrix->ids, chroma::Embeddings::view(matrix->values, width));
    co_await collection.upsert(std::move(request));
  } else if (operation == "get") {
    chroma::GetRequest request;
    request.include(chroma::Include::Embedding);
    const auto response = co_await collection.get(std::move(request));
    if (response.embeddings->size() != rows) throw std::runtime_error("the response has another size");
  } else {
    chroma::QueryRequest request(chroma::Embeddings::row(std::vector<float>(width, 0.123456F)));
    static_cast<void>(co_await collection.query(std::move(request)));
  }
}

asio::awaitable<void> worker(const chroma::ChromaHttpClient& client,
                             const chroma::ChromaCollection& collection, std::string_view operation,
                             const Matrix* matrix, std::size_t& left) {
  while (left > 0) {
    --left;
    co_await call(client, collection, operation, matrix);
  }
}

int usage() {
  std::cerr << "usage: calls URL heartbeat|upsert|get|query CALLS IN_FLIGHT\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) return usage();
  const std::string operation = argv[2];
  const auto calls = static_cast<std::size_t>(std::stoul(argv[3]));
  const auto in_flight = static_cast<std::size_t>(std::stoul(argv[4]));

  chroma::ChromaHttpClientOptions options;
  options.endpoint = argv[1];
  options.tenant_id = "t";
  options.database_name = "d";
  asio::io_context context(1);
  const chroma::ChromaHttpClient client(context.get_executor(), options);
  chroma::ChromaCollection collection;
  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  const auto keep = [&](std::exception_ptr failure, chroma::ChromaCollection handle) {
    rethrow(failure);
    collection = std::move(handle);
  };
  asio::co_spawn(context, client.get_collection("c"), keep);
  context.run();

  const auto matrix = operation == "upsert" ? std::make_unique<Matrix>() : nullptr;
  std::size_t left = in_flight;  // Calls that open the connections before the measurement.
  const auto spawn = [&] {
    context.restart();
    for (std::size_t i = 0; i < in_flight; ++i) {
      asio::co_spawn(context, worker(client, collection, operation, matrix.get(), left), rethrow);
    }
    context.run();
  };
  const auto memory_before = peak_megabytes();
  spawn();

  left = calls;
  const auto cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  spawn();
  const auto used = cpu_seconds() - cpu;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wall;
  std::cout << "{\"wall_seconds\": " << elapsed.count() << ", \"cpu_seconds\": " << used
            << ", \"megabytes\": " << peak_megabytes() - memory_before << "}\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

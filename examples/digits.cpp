// Reads handwritten digits, stores most of them in Chroma, and classifies the others by their nearest
// neighbour.
#include "digits_data.hpp"
#include "interactive.hpp"
#include "terminal.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
using digits::Digits;
using digits::pixels;

namespace {

constexpr std::size_t stored = 1497;  // These first rows are stored; the others are query vectors.
constexpr std::size_t batch = 300;    // Rows of each request.
constexpr std::uint32_t neighbours = 5;
constexpr const char* collection_name = "digits_example";

std::int64_t label_of(const chroma::Row& row) {
  return row.get<std::int64_t>("label").value_or(-1);
}

/// Stores the first rows in batches. The embeddings are views of the matrix and are not copied.
asio::awaitable<void> store(const chroma::ChromaCollection& collection, const Digits& data,
                            Terminal& terminal) {
  for (std::size_t first = 0; first < stored; first += batch) {
    const auto count = std::min(batch, stored - first);
    std::vector<std::string> ids;
    std::vector<chroma::Metadata> metadatas(count);
    for (std::size_t row = first; row < first + count; ++row) {
      ids.push_back("digit-" + std::to_string(row));
      metadatas[row - first]["label"] = data.labels[row];
    }
    const std::span<const float> values(&data.values[first * pixels], count * pixels);
    chroma::AddRequest request(std::move(ids), chroma::Embeddings::view(values, pixels));
    request.metadatas(std::move(metadatas));
    co_await collection.add(std::move(request));
    terminal.progress("storing", first + count, stored);
  }
}

/// Finds the neighbours of one row. The query vector is a view of the matrix and is not copied.
asio::awaitable<chroma::QueryResponse> find_neighbours(const chroma::ChromaCollection& collection,
                                                       const Digits& data, std::size_t row, bool pictures) {
  const std::span<const float> values(&data.values[row * pixels], pixels);
  chroma::QueryRequest request(chroma::Embeddings::view(values, pixels));
  request.n_results(neighbours).include(chroma::Include::Metadata, chroma::Include::Distance);
  if (pictures)
    request.include(chroma::Include::Metadata, chroma::Include::Distance, chroma::Include::Embedding);
  co_return co_await collection.query(std::move(request));
}

void show(const Digits& data, std::size_t row, const chroma::QueryResponse& response, Terminal& terminal) {
  std::vector<Picture> pictures;
  pictures.push_back({"query: a " + std::to_string(data.labels[row]), data.row(row)});
  for (const auto neighbour : response.rows()) {
    pictures.push_back({"found: a " + std::to_string(label_of(neighbour)), *neighbour.embedding});
  }
  terminal.pictures(pictures, digits::width);
}

asio::awaitable<void> classify(chroma::ChromaHttpClient client, Digits data, Terminal& terminal) {
  static_cast<void>(co_await chroma::as_result(client.delete_collection(collection_name)));
  const auto collection = co_await client.create_collection(collection_name);
  co_await store(collection, data, terminal);

  const auto shown = co_await find_neighbours(collection, data, stored, true);
  show(data, stored, shown, terminal);

  std::size_t correct = 0;
  const auto total = data.labels.size() - stored;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t row = stored; row < data.labels.size(); ++row) {
    const auto response = co_await find_neighbours(collection, data, row, false);
    const auto rows = response.rows();
    if (label_of(rows.front()) == data.labels[row]) ++correct;
    terminal.progress("querying", row - stored + 1, total);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;

  std::cout << correct << " of " << total << " classified correctly by their nearest neighbour ("
            << std::fixed << std::setprecision(1)
            << 100.0 * static_cast<double>(correct) / static_cast<double>(total) << " %), "
            << std::setprecision(0) << static_cast<double>(total) / elapsed.count()
            << " calls per second, one at a time\n";
  co_await client.delete_collection(collection_name);
}

int usage(std::ostream& out, int status) {
  out << "usage: digits [--endpoint URL] [--data FILE] [--help]\n\n"
         "Stores 1497 handwritten digits in a Chroma server and classifies 300 others by their nearest "
         "neighbour.\n\n"
         "  --endpoint URL  the server (default: $CHROMA_ENDPOINT, else http://localhost:8000)\n"
         "  --data FILE     the digits, 64 pixels and a label on each line (default: " CHROMA_EXAMPLE_DATA
         ")\n";
  return status;
}

}  // namespace

int main(int argc, char** argv) try {
  std::optional<std::string> endpoint;
  std::string file = CHROMA_EXAMPLE_DATA;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--help") return usage(std::cout, EXIT_SUCCESS);
    if (i + 1 == argc) return usage(std::cerr, 2);
    if (argument == "--endpoint") {
      endpoint = argv[++i];
    } else if (argument == "--data") {
      file = argv[++i];
    } else {
      return usage(std::cerr, 2);
    }
  }

  Terminal terminal;
  asio::io_context context;
  asio::signal_set interrupts(context, SIGINT, SIGTERM);
  const chroma::ChromaHttpClient client(context.get_executor(), options_for(endpoint));
  return run_until_interrupted(context, interrupts, classify(client, digits::read(file), terminal), terminal);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

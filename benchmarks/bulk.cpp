// Measures a bulk load. scripts/bulk-benchmark starts it. Prints one line of JSON.
#include "process_costs.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace {

struct Settings {
  std::string url;
  std::string collection;
  std::size_t rows = 0;
  std::size_t width = 0;
  std::size_t batch = 0;        // 0: adaptive.
  std::size_t concurrency = 0;  // Of fixed batches.
};

/// A record with pseudo-random values, from a generator that takes little processor time.
chroma::BulkRecord numbered(std::size_t number, std::size_t width) {
  std::vector<float> values(width);
  std::uint64_t state = number * 0x9E3779B97F4A7C15U + 1;
  for (float& value : values) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    value = static_cast<float>(static_cast<std::int32_t>(state >> 32)) * 4.656612873e-10F;
  }
  chroma::Metadata metadata;
  metadata["number"] = static_cast<std::int64_t>(number);
  chroma::BulkRecord record("id-" + std::to_string(number), std::move(values));
  return std::move(record.document("document number " + std::to_string(number)).metadata(metadata));
}

chroma::BulkOptions options_of(const Settings& settings) {
  chroma::BulkOptions options;
  if (settings.batch == 0) return options;
  options.limits = chroma::BulkLimits::custom(settings.batch, options.max_body_bytes);
  options.concurrency = settings.concurrency;
  options.max_concurrency = settings.concurrency;
  options.target_latency = std::chrono::hours(1);
  return options;
}

/// One line in the array of samples: seconds, stored records, records in a batch, requests at the same time.
class Samples {
 public:
  void add(const chroma::BulkProgress& progress) {
    if (progress.elapsed.count() < next_) return;
    next_ = progress.elapsed.count() + 0.25;
    text_ += (text_.empty() ? "[" : ", [") + std::to_string(progress.elapsed.count()) + ", " +
             std::to_string(progress.stored) + ", " + std::to_string(progress.batch_rows) + ", " +
             std::to_string(progress.concurrency) + "]";
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  double next_ = 0;
};

asio::awaitable<void> load(chroma::ChromaHttpClient client, Settings settings) {
  auto getting = client.get_collection(settings.collection);
  auto found = co_await chroma::as_result(std::move(getting));
  if (!found.has_value()) found = co_await client.create_collection(settings.collection);
  const auto collection = *found;
  const double cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  Samples samples;
  chroma::BulkWriter* shown = nullptr;
  auto options = options_of(settings);
  options.on_batch = [&](const chroma::BatchOutcome&) { samples.add(shown->progress()); };
  chroma::BulkWriter writer(collection, std::move(options));
  shown = &writer;
  for (std::size_t i = 0; i < settings.rows; ++i) {
    auto record = numbered(i, settings.width);
    co_await writer.write(std::move(record));
  }
  const auto report = co_await writer.finish();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wall;
  if (report.progress.stored != settings.rows) throw std::runtime_error("not all records were stored");
  std::cout << "{\"wall_seconds\": " << elapsed.count() << ", \"cpu_seconds\": " << cpu_seconds() - cpu
            << ", \"megabytes\": " << peak_megabytes() << ", \"samples\": [" << samples.text() << "]}\n";
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5 && argc != 7) {
    std::cerr << "usage: bulk URL COLLECTION ROWS WIDTH [BATCH CONCURRENCY]\n";
    return 2;
  }
  Settings settings;
  settings.url = argv[1];
  settings.collection = argv[2];
  settings.rows = std::stoul(argv[3]);
  settings.width = std::stoul(argv[4]);
  if (argc == 7) settings.batch = std::stoul(argv[5]);
  if (argc == 7) settings.concurrency = std::stoul(argv[6]);
  chroma::ChromaHttpClientOptions options;
  options.endpoint = settings.url;
  options.proxy = "";
  options.request_timeout = std::chrono::minutes(10);
  asio::io_context context(1);
  const chroma::ChromaHttpClient client(context.get_executor(), options);
  asio::co_spawn(context, load(client, settings), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

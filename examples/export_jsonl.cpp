// Writes a collection to a file with one record a line, which import_jsonl reads.
#include "collection_header.hpp"
#include "jsonl.hpp"
#include "tool.hpp"

#include <chroma/pages.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cmath>
#include <iostream>

namespace {

constexpr const char* usage = R"(export_jsonl COLLECTION FILE
  Writes the records of a collection to FILE ("-": standard output; compressed if it ends in .gz), one JSON
  object a line, after a header line from which import_jsonl creates the collection again.
  The server is that of CHROMA_ENDPOINT, CHROMA_TENANT and CHROMA_DATABASE.
  --where JSON     only records that match the filter
  --include LIST   some of documents,metadatas,embeddings,uris (default: all of them)
  --page ROWS      records in a request (default: 300 on Chroma Cloud, 1000 elsewhere)
  --snapshot       read all ids first: a record is then written once, also if other programs write meanwhile
Exit status: 0 all records are written, 1 failure, 2 wrong arguments
)";

struct Settings {
  std::string collection;
  std::string file;
  chroma::GetRequest request;
  chroma::PageOptions pages;
};

Settings parse(int count, char** values) {
  Arguments arguments(count, values);
  Settings settings;
  const auto where = arguments.value("--where");
  const auto include = arguments.value("--include").value_or("documents,metadatas,embeddings,uris");
  try {
    if (where) settings.request.where(chroma::Where::parse(*where));
    settings.request.include(chroma::IncludeList::parse(include));
  } catch (const chroma::ChromaHttpClientError& error) {
    throw std::invalid_argument(error.what());
  }
  settings.pages.page_size = arguments.number("--page").value_or(0);
  if (arguments.flag("--snapshot")) settings.pages.mode = chroma::PageMode::SnapshotIds;
  const auto names = arguments.rest(2, 2);
  settings.collection = names[0];
  settings.file = names[1];
  return settings;
}

/// @param count of all records; 0 if it is not known
std::string progress_text(std::uint64_t written, std::uint64_t count, double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(written) / seconds : 0;
  std::string text = std::to_string(written) + " records, " + std::to_string(std::lround(rate)) + "/s";
  if (count > written && rate > 0) {
    text += ", " + seconds_text(static_cast<double>(count - written) / rate) + " left";
  }
  return text;
}

boost::asio::awaitable<void> run(const chroma::ChromaHttpClient& client, const Settings& settings) {
  const auto collection = co_await client.get_collection(settings.collection);
  const auto count = co_await collection.count();
  LineFile file(settings.file, LineFile::Mode::Write);
  file.write(header_of(collection, count).dump());
  StatusLine status;
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t written = 0;
  auto pages = collection.pages(settings.request, settings.pages);
  while (co_await pages.next()) {
    for (const auto row : std::as_const(pages.page()).rows()) file.write(line_of(row).dump());
    written += pages.page().ids.size();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
    status.show(progress_text(written, settings.request.where() ? 0 : count, elapsed.count()));
  }
  file.close();
  status.end();
  std::cerr << written << " records written to " << settings.file << '\n';
}

}  // namespace

int main(int count, char** values) try {
  const auto settings = parse(count, values);
  boost::asio::io_context context;
  const auto client = chroma::ChromaHttpClient::from_env(context.get_executor());
  std::exception_ptr failure;
  boost::asio::co_spawn(context, run(client, settings), [&](std::exception_ptr ended) { failure = ended; });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return 0;
} catch (const std::invalid_argument& mistake) {
  std::cerr << mistake.what() << '\n' << usage;
  return 2;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

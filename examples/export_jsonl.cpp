// Writes a collection to a file with one record a line, which import_jsonl reads.
#include "collection_header.hpp"
#include "earlier_export.hpp"
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
  --resume         continue an export to FILE that was interrupted; the collection must be as it was then
  --snapshot       read all ids first: a record is then written once, also if other programs write meanwhile
Exit status: 0 all records are written, 1 failure, 2 wrong arguments
)";

struct Settings {
  std::string collection;
  std::string file;
  chroma::GetRequest request;
  chroma::PageOptions pages;
  bool resume = false;
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
  settings.resume = arguments.flag("--resume");
  const auto names = arguments.rest(2, 2);
  settings.collection = names[0];
  settings.file = names[1];
  if (settings.resume && (settings.file == "-" || settings.file.ends_with(".gz")))
    throw std::invalid_argument("--resume needs a file that is not compressed");
  return settings;
}

/// What the file has already. Its last record must be where it was in the collection.
boost::asio::awaitable<EarlierExport> earlier_export(const chroma::ChromaCollection& collection,
                                                     const Settings& settings, const nlohmann::json& header) {
  if (!settings.resume) co_return EarlierExport();
  auto earlier = read_earlier_export(settings.file, header);
  if (earlier.records > 0) {
    auto request = settings.request;
    request.include({}).limit(1).offset(static_cast<std::uint32_t>(earlier.records - 1));
    const auto last = co_await collection.get(std::move(request));
    if (last.ids.empty() || last.ids.front() != earlier.last_id) {
      throw std::runtime_error("record " + earlier.last_id + ", the last one in " + settings.file +
                               ", is elsewhere in the collection now: export it again");
    }
  }
  co_return earlier;
}

/// @param before how many of the written records an earlier export has written
/// @param count of all records; 0 if it is not known
std::string progress_text(std::uint64_t written, std::uint64_t before, std::uint64_t count, double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(written - before) / seconds : 0;
  std::string text = std::to_string(written) + " records, " + std::to_string(std::lround(rate)) + "/s";
  if (count > written && rate > 0) {
    text += ", " + seconds_text(static_cast<double>(count - written) / rate) + " left";
  }
  return text;
}

boost::asio::awaitable<void> run(const chroma::ChromaHttpClient& client, const Settings& settings) {
  const auto collection = co_await client.get_collection(settings.collection);
  const auto count = co_await collection.count();
  const auto header = header_of(collection, count);
  const auto earlier = co_await earlier_export(collection, settings, header);
  LineFile file(settings.file, earlier.has_header ? LineFile::Mode::Append : LineFile::Mode::Write);
  if (!earlier.has_header) file.write(header.dump());
  StatusLine status;
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t written = earlier.records;
  auto pages = collection.pages(settings.request, settings.pages);
  pages.seek(written);
  while (co_await pages.next()) {
    for (const auto row : std::as_const(pages.page()).rows()) file.write(line_of(row).dump());
    written += pages.page().ids.size();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
    status.show(
        progress_text(written, earlier.records, settings.request.where() ? 0 : count, elapsed.count()));
  }
  file.close();
  status.end();
  std::cerr << written << " records written to " << settings.file;
  if (earlier.records > 0) std::cerr << ", " << earlier.records << " of them by an earlier export";
  std::cerr << '\n';
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

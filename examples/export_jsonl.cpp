// Writes a collection to a file with one record a line, which import_jsonl reads.
#include "collection_header.hpp"
#include "earlier_export.hpp"
#include "export_file.hpp"
#include "jsonl.hpp"
#include "line_file.hpp"
#include "tool.hpp"

#include <chroma/pages.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

namespace {

constexpr const char* usage = R"(export_jsonl COLLECTION FILE
  Writes the records of a collection to FILE ("-": standard output; compressed if it ends in .gz), one JSON
  object a line, after a header line from which import_jsonl creates the collection again. The lines are written
  to FILE.partial (NAME.partial.gz for NAME.gz), which is renamed at the end: until then an earlier FILE remains.
  The server is that of CHROMA_ENDPOINT, CHROMA_TENANT and CHROMA_DATABASE.
  --where JSON     only records that match the filter
  --include LIST   some of documents,metadatas,embeddings,uris (default: all of them)
  --page ROWS      records in a request (default: 300 on Chroma Cloud, 1000 elsewhere)
  --resume         continue an export to FILE that was interrupted, in FILE.partial if there is one, else in FILE;
                   the collection and the other options must be as they were then
  --snapshot       read all ids first: a record is then written once, also if other programs write meanwhile
Exit status: 0 all records are written; 1 failure; 2 wrong arguments; 3 fewer records are written than the
collection had at the beginning, because other programs deleted some meanwhile
)";

// Exit status.
constexpr int failed = 1;
constexpr int wrong_arguments = 2;
constexpr int fewer_records = 3;

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
                                                     const Settings& settings, const std::string& path,
                                                     const nlohmann::json& header) {
  if (!settings.resume) co_return EarlierExport();
  auto earlier = read_earlier_export(path, header);
  if (earlier.records > 0) {
    auto request = settings.request;
    request.include({}).limit(1).offset(earlier.records - 1);
    const auto last = co_await collection.get(std::move(request));
    if (last.ids.empty() || last.ids.front() != earlier.last_id) {
      throw std::runtime_error("record " + earlier.last_id + ", the last one in " + path +
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

boost::asio::awaitable<int> write_records(const chroma::ChromaCollection& collection,
                                          const Settings& settings, const std::string& path) {
  const auto count = co_await collection.count();
  const auto header = header_of(collection, count, settings.request);
  const auto earlier = co_await earlier_export(collection, settings, path, header);
  LineFile file(path, earlier.has_header ? LineFile::Mode::Append : LineFile::Mode::Write);
  if (!earlier.has_header) file.write(header.dump());
  StatusLine status;
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t expected = settings.request.where() ? 0 : count;
  std::uint64_t written = earlier.records;
  auto pages = collection.pages(settings.request, settings.pages);
  pages.seek(written);
  while (co_await pages.next()) {
    for (const auto row : std::as_const(pages.page()).rows()) file.write(line_of(row).dump());
    written += pages.page().ids.size();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
    status.show(progress_text(written, earlier.records, expected, elapsed.count()));
  }
  file.close();
  status.end();
  std::cerr << written << " records written to " << settings.file;
  if (earlier.records > 0) std::cerr << ", " << earlier.records << " of them by an earlier export";
  std::cerr << '\n';
  if (written >= expected) co_return 0;
  std::cerr << "The collection had " << expected << " records at the beginning.\n";
  co_return fewer_records;
}

boost::asio::awaitable<int> run(const chroma::ChromaHttpClient& client, const Settings& settings) {
  const auto collection = co_await client.get_collection(settings.collection);
  const ExportFile file(settings.file, settings.resume);
  std::exception_ptr failure;
  int status = failed;
  try {
    status = co_await write_records(collection, settings, file.working_path());
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) {
    file.complete();
    co_return status;
  }
  if (file.keep_for_resume())
    std::cerr << file.working_path() << " is incomplete: add --resume to continue it.\n";
  std::rethrow_exception(failure);
}

}  // namespace

int main(int count, char** values) try {
  if (Arguments(count, values).flag("--help")) {
    std::cout << usage;
    return 0;
  }
  const auto settings = parse(count, values);
  boost::asio::io_context context;
  const auto client = chroma::ChromaHttpClient::from_env(context.get_executor());
  std::exception_ptr failure;
  int status = failed;
  boost::asio::co_spawn(context, run(client, settings), [&](std::exception_ptr ended, int value) {
    failure = ended;
    status = value;
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return status;
} catch (const std::invalid_argument& mistake) {
  std::cerr << mistake.what() << '\n' << usage;
  return wrong_arguments;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return failed;
}

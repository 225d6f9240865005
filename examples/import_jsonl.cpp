// Stores the records of a file in a collection, and resumes an import that was interrupted.
#include "collection_header.hpp"
#include "embedding_functions.hpp"
#include "import_source.hpp"
#include "rejects.hpp"
#include "tool.hpp"

#include <chroma/bulk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <system_error>

namespace asio = boost::asio;

namespace {

constexpr const char* usage = R"(import_jsonl FILE [COLLECTION]
  Stores the records of FILE ("-": standard input; it may be compressed by gzip). Each line is a JSON object
  with id, embedding (or embedding_b64), document, uri and metadata. A FILE.csv has a first line with the names
  of columns: id, embedding (a JSON array), document, uri; other columns are metadata. A field is text if it is
  quoted, or if it is not exactly what a number is printed as: 7, -2.5 and 1e+20 are numbers, while 01234, 1.50
  and integers over 64 bits remain text; true and false are boolean. A record has at most 64 MiB.
  COLLECTION is the name in the header of FILE unless it is given. If it does not exist, it is created with the
  metadata, the schema and the configuration of the header.
  The server is that of CHROMA_ENDPOINT, CHROMA_TENANT and CHROMA_DATABASE.
  --vectors FILE.npy  the rows of this NumPy matrix (float32 or float64) are the embeddings of the records
  --resume            continue after the records that an interrupted import has stored
  --checkpoint FILE   where these are recorded (default FILE.checkpoint)
  --rejects FILE      where refused records are written with the reason; can be imported again when they are
                      corrected (default FILE.rejects)
  --operation NAME    upsert (default), add or update
  --embed             make the embeddings of records that have none, by the function that the collection names;
                      without this option such records are refused, and an update keeps the stored embeddings
  --batch ROWS        the most records in a request
  --concurrency N     the most requests at the same time
  --on-error ACTION   continue (default) or stop at the first refused record or invalid line
  --dry-run           read and check the file, store nothing
Exit status: 0 all records are stored; 1 failure: not all records were read, or some could not be stored, which
--resume tries again; 2 wrong arguments; 3 some records were refused because of their content; 4 the file has
fewer records than its header or the matrix of --vectors says; 130 interrupted
)";

// Exit status.
constexpr int failed = 1;
constexpr int wrong_arguments = 2;
constexpr int some_refused = 3;
constexpr int incomplete_file = 4;
constexpr int interrupted_by_signal = 130;

struct Settings {
  std::string file;
  std::string vectors;
  std::optional<std::string> collection;
  std::string checkpoint;
  std::string rejects;
  bool resume = false;
  bool dry_run = false;
  bool embed = false;
  chroma::BulkOptions bulk;
};

chroma::BulkOperation operation_named(const std::string& name) {
  if (name == "upsert") return chroma::BulkOperation::Upsert;
  if (name == "add") return chroma::BulkOperation::Add;
  if (name == "update") return chroma::BulkOperation::Update;
  throw std::invalid_argument("there is no operation " + name);
}

Settings parse(int count, char** values) {
  Arguments arguments(count, values);
  Settings settings;
  settings.resume = arguments.flag("--resume");
  settings.dry_run = arguments.flag("--dry-run");
  settings.embed = arguments.flag("--embed");
  settings.vectors = arguments.value("--vectors").value_or("");
  const auto checkpoint = arguments.value("--checkpoint");
  const auto rejects = arguments.value("--rejects");
  settings.bulk.operation = operation_named(arguments.value("--operation").value_or("upsert"));
  if (const auto rows = arguments.number("--batch")) {
    settings.bulk.limits = chroma::BulkLimits::custom(*rows, settings.bulk.max_body_bytes);
  }
  if (const auto most = arguments.number("--concurrency")) {
    settings.bulk.max_concurrency = *most;
    settings.bulk.concurrency = std::min(settings.bulk.concurrency, *most);
  }
  const auto on_error = arguments.value("--on-error").value_or("continue");
  if (on_error != "continue" && on_error != "stop")
    throw std::invalid_argument("--on-error is continue or stop");
  if (on_error == "stop") settings.bulk.on_error = chroma::OnError::Stop;
  const auto names = arguments.rest(1, 2);
  settings.file = names[0];
  if (names.size() == 2) settings.collection = names[1];
  const auto base = settings.file == "-" ? std::string("import") : settings.file;
  settings.checkpoint = checkpoint.value_or(base + ".checkpoint");
  settings.rejects = rejects.value_or(base + ".rejects");
  // A file whose compression was interrupted cannot be continued.
  if (settings.rejects.ends_with(".gz")) throw std::invalid_argument("--rejects cannot be a compressed file");
  return settings;
}

/// Distinguishes a file from others and from itself after a change.
std::string fingerprint(const std::string& path) {
  const auto time = std::filesystem::last_write_time(path).time_since_epoch().count();
  return std::filesystem::absolute(path).string() + " " + std::to_string(std::filesystem::file_size(path)) +
         " " + std::to_string(time);
}

/// Distinguishes what is imported.
std::string fingerprint(const Settings& settings, const Source& source) {
  auto text = settings.file == "-" ? "standard input that begins with " + source.beginning()
                                   : fingerprint(settings.file);
  if (!settings.vectors.empty()) text += " with " + fingerprint(settings.vectors);
  return text;
}

/// @throws std::runtime_error if the file cannot be written
void require_writable(const std::string& path) {
  const bool exists = std::filesystem::exists(path);
  errno = 0;
  if (!std::ofstream(path, std::ios::app)) {
    throw std::runtime_error("cannot write " + path + ": " + std::generic_category().message(errno));
  }
  if (!exists) std::filesystem::remove(path);
}

std::string progress_text(const chroma::BulkProgress& progress, std::uint64_t refused) {
  std::ostringstream text;
  text << progress.stored + progress.skipped << " stored, " << std::fixed << std::setprecision(0)
       << progress.rows_per_second << "/s";
  if (progress.remaining) text << ", " << seconds_text(progress.remaining->count()) << " left";
  text << ", " << progress.concurrency << " requests of " << progress.batch_rows;
  if (progress.embedded > 0) text << ", " << progress.embedded << " embedded";
  if (refused > 0) text << ", " << refused << " refused";
  return text.str();
}

/// The record of a line; nothing if the line is invalid, which is reported.
std::optional<chroma::BulkRecord> read_record(Source& source, const Source::Item& item, Rejects& rejects) {
  try {
    return source.parse(item);
  } catch (const std::exception& error) {
    const nlohmann::json line{{"_text", item.text}};
    rejects.add(line, item.number, error.what());
    std::cerr << "line " << item.number << ": " << error.what() << '\n';
    return std::nullopt;
  }
}

int dry_run(Source& source, Rejects& rejects) {
  std::uint64_t records = 0;
  while (const auto item = source.next()) {
    if (read_record(source, *item, rejects)) ++records;
  }
  rejects.close();
  std::cout << records << " records, " << rejects.count() << " invalid lines\n";
  if (const auto missing = source.missing(); !missing.empty()) {
    std::cerr << missing << '\n';
    return incomplete_file;
  }
  return rejects.count() > 0 ? some_refused : 0;
}

/// How the reading of the file has ended.
struct Reading {
  Reading() = default;
  std::string missing;  ///< What the file lacks; empty if it is complete, or was not read to its end.
  std::string stopped;  ///< Why it was not read to its end; empty if it was, or the writer has stopped.
};

int report(const chroma::BulkReport& report, const Settings& settings, const Rejects& rejects,
           const Unstored& unstored, const Reading& reading, bool interrupted) {
  const auto& progress = report.progress;
  std::cout << progress.stored << " records stored, " << progress.skipped << " were stored before, "
            << rejects.count() << " refused, ";
  if (unstored.count() > 0) std::cout << unstored.count() << " not stored, ";
  std::cout << "in " << seconds_text(progress.elapsed.count()) << '\n';
  if (progress.embedded > 0) std::cout << progress.embedded << " records embedded\n";
  std::cout << progress.requests << " requests, " << progress.retries << " batches sent again, "
            << progress.splits << " divided, " << progress.pauses << " pauses because of rate limits\n";
  if (rejects.any()) std::cout << "The refused ones are in " << rejects.path() << " with the reasons.\n";
  if (report.checkpoint_fault) std::cerr << "No checkpoint: " << *report.checkpoint_fault << '\n';
  if (const auto reason = unstored.reason(); !reason.empty()) std::cerr << "Not stored: " << reason << '\n';
  std::string stopped = reading.stopped;
  if (stopped.empty() && report.stopped) stopped = report.stopped->what();
  if (interrupted) stopped = "Interrupted";
  if (stopped.empty() && unstored.count() > 0) stopped = "Some records could not be stored";
  if (!stopped.empty()) {
    std::cerr << stopped << "; continue with --resume.\n";
    return interrupted ? interrupted_by_signal : failed;
  }
  std::filesystem::remove(settings.checkpoint);
  if (!reading.missing.empty()) {
    std::cerr << reading.missing << '\n';
    return incomplete_file;
  }
  return rejects.any() ? some_refused : 0;
}

/// Aborts the writer at Ctrl-C; a second Ctrl-C ends the program. The signal is handled on the thread of the
/// executor, also after the destruction of this object, and does nothing then.
class Interruption {
 public:
  Interruption(const asio::any_io_executor& executor, chroma::BulkWriter& writer)
      : state_(std::make_shared<State>(executor, writer)) {
    state_->signals.async_wait([state = state_](const boost::system::error_code& code, int) {
      const std::lock_guard lock(state->mutex);
      if (code || state->writer == nullptr) return;
      state->happened = true;
      state->writer->abort();
      state->signals.clear();
    });
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption() {
    const std::lock_guard lock(state_->mutex);
    state_->writer = nullptr;
    state_->signals.cancel();
  }
  [[nodiscard]] bool happened() const noexcept { return state_->happened; }

 private:
  struct State {
    State(const asio::any_io_executor& executor, chroma::BulkWriter& aborted)
        : signals(executor, SIGINT, SIGTERM), writer(&aborted) {}
    std::mutex mutex;
    asio::signal_set signals;
    chroma::BulkWriter* writer;
    std::atomic<bool> happened = false;
  };
  std::shared_ptr<State> state_;
};

/// Reads and parses the file on this coroutine's thread, while requests run on the client's.
asio::awaitable<Reading> store(Source& source, Rejects& rejects, chroma::BulkWriter& writer,
                               const Settings& settings, const Interruption& interruption) {
  StatusLine status;
  Reading reading;
  const auto resume = writer.resume_position();
  rejects.read_earlier(resume);
  auto shown = std::chrono::steady_clock::now();
  while (!interruption.happened()) {
    const auto item = source.next();
    if (!item) {
      reading.missing = source.missing();
      break;
    }
    if (item->number < resume) continue;
    auto record = read_record(source, *item, rejects);
    if (!record && settings.bulk.on_error == chroma::OnError::Stop) {
      reading.stopped = "Line " + std::to_string(item->number) + " is invalid";
      break;
    }
    if (!record) continue;
    auto written = writer.write(std::move(*record));
    const auto outcome = co_await chroma::as_result(std::move(written));
    if (!outcome.has_value()) break;  // The writer has stopped; its report has the reason.
    const auto now = std::chrono::steady_clock::now();
    if (now - shown < std::chrono::milliseconds(200)) continue;
    shown = now;
    status.show(progress_text(writer.progress(), rejects.count()));
  }
  co_return reading;
}

/// What is needed before the first record is read.
void check_files(const Settings& settings) {
  if (!settings.resume && std::filesystem::exists(settings.checkpoint)) {
    throw std::runtime_error("an earlier import was interrupted: add --resume to continue it, or remove " +
                             settings.checkpoint + " to begin again");
  }
  require_writable(settings.checkpoint + ".tmp");  // The library renames it.
  require_writable(settings.rejects);
}

asio::awaitable<int> run(const chroma::ChromaHttpClient& client, Settings settings) {
  Source source(settings.file, settings.vectors);
  const bool continues = settings.resume && std::filesystem::exists(settings.checkpoint);
  Rejects rejects(settings.rejects, continues);
  if (settings.dry_run) co_return dry_run(source, rejects);
  check_files(settings);
  const auto name = settings.collection ? *settings.collection : source.header.value("name", std::string());
  if (name.empty()) throw std::invalid_argument("the file has no header: name the collection");
  auto collection = co_await open_collection(client, name, source.header);
  if (!settings.embed) collection.set_embedding_function(nullptr);

  settings.bulk.checkpoint.emplace(settings.checkpoint);
  settings.bulk.checkpoint->source = fingerprint(settings, source);
  settings.bulk.keep_failed_rows = 0;  // They are written to a file.
  settings.bulk.total_rows = source.count();
  Unstored unstored;
  settings.bulk.on_batch = [&](const chroma::BatchOutcome& outcome) {
    if (outcome.outcome == chroma::RowOutcome::Stored) return;
    if (!is_refused(outcome)) return unstored.add(outcome);
    rejects.add(outcome.records.front(), outcome.error->what());
  };
  chroma::BulkWriter writer(collection, settings.bulk);
  static_cast<void>(writer.resume_position());  // Throws if the checkpoint belongs to another import.
  const Interruption interruption(client.get_executor(), writer);
  // If the file cannot be read to its end, the records before are stored nevertheless.
  Reading reading;
  try {
    reading = co_await store(source, rejects, writer, settings, interruption);
  } catch (const std::exception& error) {
    reading.stopped = error.what();
  }
  const auto summary = co_await writer.finish();
  rejects.close();
  co_return report(summary, settings, rejects, unstored, reading, interruption.happened());
}

}  // namespace

int main(int count, char** values) try {
  if (Arguments(count, values).flag("--help")) {
    std::cout << usage;
    return 0;
  }
  auto settings = parse(count, values);
  chroma::Runtime runtime;  // Requests run on its thread.
  auto options = chroma::ChromaHttpClientOptions::from_env();
  functions::add_components(options.embedding_functions);
  const chroma::ChromaHttpClient client(runtime.executor(), options);
  asio::io_context context;
  std::exception_ptr failure;
  int status = failed;
  asio::co_spawn(context, run(client, std::move(settings)), [&](std::exception_ptr ended, int value) {
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

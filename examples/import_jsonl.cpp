// Stores the records of a file in a collection, and resumes an import that was interrupted.
#include "collection_header.hpp"
#include "embedding_functions.hpp"
#include "import_source.hpp"
#include "tool.hpp"

#include <chroma/bulk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <unordered_set>

namespace asio = boost::asio;

namespace {

constexpr const char* usage = R"(import_jsonl FILE [COLLECTION]
  Stores the records of FILE ("-": standard input; it may be compressed by gzip). Each line is a JSON object
  with id, embedding (or embedding_b64), document, uri and metadata. A FILE.csv has a first line with the names
  of columns: id, embedding (a JSON array), document, uri; other columns are metadata.
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
  --on-error ACTION   continue (default) or stop
  --dry-run           read and check the file, store nothing
Exit status: 0 all records are stored, 1 failure, 2 wrong arguments, 3 some records were refused, 130 interrupted
)";

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

/// Distinguishes this file from others and from itself after a change.
std::string fingerprint(const std::string& path) {
  if (path == "-") return "standard input";
  const auto time = std::filesystem::last_write_time(path).time_since_epoch().count();
  return std::filesystem::absolute(path).string() + " " + std::to_string(std::filesystem::file_size(path)) +
         " " + std::to_string(time);
}

/// The file of refused records, which is created when there is one. Thread-safe.
class Rejects {
 public:
  /// @param append whether the file has records that an interrupted run of the same import has refused
  Rejects(std::string path, bool append)
      : path_(std::move(path)),
        mode_(append ? LineFile::Mode::Append : LineFile::Mode::Write),
        has_earlier_(append && std::filesystem::exists(path_)) {}
  /// Reads which lines from this number on the interrupted run has refused; they are not written again.
  void read_earlier(std::uint64_t first) {
    if (!has_earlier_) return;
    LineFile file(path_, LineFile::Mode::Read);
    while (const auto line = file.read()) {
      const auto refused = nlohmann::json::parse(*line, nullptr, false);
      if (!refused.is_object() || !refused.value("_line", nlohmann::json()).is_number_unsigned()) continue;
      const auto number = refused["_line"].get<std::uint64_t>();
      if (number >= first) earlier_.insert(number);
    }
  }
  void add(nlohmann::json line, std::uint64_t number, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    if (earlier_.contains(number)) return;
    if (!file_) file_.emplace(path_, mode_);
    line["_line"] = number;
    line["_reason"] = reason;
    file_->write(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    file_->flush();  // The checkpoint may pass this line before the program is killed.
    ++count_;
  }
  void close() {
    if (file_) file_->close();
    file_.reset();
  }
  /// Those of this run.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// True if this run or an earlier one has refused a record.
  [[nodiscard]] bool any() const noexcept { return has_earlier_ || count_ > 0; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  LineFile::Mode mode_;
  bool has_earlier_;
  std::unordered_set<std::uint64_t> earlier_;
  std::mutex mutex_;
  std::optional<LineFile> file_;
  std::atomic<std::uint64_t> count_ = 0;
};

std::string progress_text(const chroma::BulkProgress& progress) {
  std::ostringstream text;
  text << progress.stored + progress.skipped << " stored, " << std::fixed << std::setprecision(0)
       << progress.rows_per_second << "/s";
  if (progress.remaining) text << ", " << seconds_text(progress.remaining->count()) << " left";
  text << ", " << progress.concurrency << " requests of " << progress.batch_rows;
  if (progress.embedded > 0) text << ", " << progress.embedded << " embedded";
  if (progress.failed > 0) text << ", " << progress.failed << " refused";
  return text.str();
}

/// The record of a line; nothing if the line is invalid, which is reported.
std::optional<chroma::BulkRecord> read_record(const Source& source, const Source::Item& item,
                                              Rejects& rejects) {
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
  return rejects.count() > 0 ? 3 : 0;
}

int report(const chroma::BulkReport& report, const Settings& settings, const Rejects& rejects,
           bool interrupted) {
  const auto& progress = report.progress;
  std::cout << progress.stored << " records stored, " << progress.skipped << " were stored before, "
            << rejects.count() << " refused, in " << seconds_text(progress.elapsed.count()) << '\n';
  if (progress.embedded > 0) std::cout << progress.embedded << " records embedded\n";
  std::cout << progress.requests << " requests, " << progress.retries << " batches sent again, "
            << progress.splits << " divided, " << progress.pauses << " pauses because of rate limits\n";
  if (rejects.any()) std::cout << "The refused ones are in " << rejects.path() << " with the reasons.\n";
  if (report.checkpoint_fault) std::cerr << "No checkpoint: " << *report.checkpoint_fault << '\n';
  if (report.stopped || interrupted) {
    std::cout << (interrupted ? "Interrupted" : report.stopped->what()) << "; continue with --resume.\n";
    return interrupted ? 130 : 1;
  }
  std::filesystem::remove(settings.checkpoint);
  return rejects.any() ? 3 : 0;
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
asio::awaitable<void> store(Source& source, Rejects& rejects, chroma::BulkWriter& writer,
                            const Interruption& interruption) {
  StatusLine status;
  const auto resume = writer.resume_position();
  rejects.read_earlier(resume);
  auto shown = std::chrono::steady_clock::now();
  while (!interruption.happened()) {
    const auto item = source.next();
    if (!item) break;
    if (item->number < resume) continue;
    auto record = read_record(source, *item, rejects);
    if (!record) continue;
    auto written = writer.write(std::move(*record));
    const auto outcome = co_await chroma::as_result(std::move(written));
    if (!outcome.has_value()) {
      if (outcome.error().is<chroma::ValidationError>()) throw outcome.error();  // The checkpoint.
      break;  // The writer has stopped; its report has the reason.
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - shown < std::chrono::milliseconds(200)) continue;
    shown = now;
    status.show(progress_text(writer.progress()));
  }
}

asio::awaitable<int> run(const chroma::ChromaHttpClient& client, Settings settings) {
  Source source(settings.file, settings.vectors);
  const bool continues = settings.resume && std::filesystem::exists(settings.checkpoint);
  Rejects rejects(settings.rejects, continues);
  if (settings.dry_run) co_return dry_run(source, rejects);
  if (!settings.resume && std::filesystem::exists(settings.checkpoint)) {
    throw std::runtime_error("an earlier import was interrupted: add --resume to continue it, or remove " +
                             settings.checkpoint + " to begin again");
  }
  const auto name = settings.collection ? *settings.collection : source.header.value("name", std::string());
  if (name.empty()) throw std::invalid_argument("the file has no header: name the collection");
  auto collection = co_await open_collection(client, name, source.header);
  if (!settings.embed) collection.set_embedding_function(nullptr);

  settings.bulk.checkpoint.emplace(settings.checkpoint);
  settings.bulk.checkpoint->source = fingerprint(settings.file);
  settings.bulk.keep_failed_rows = 0;  // They are written to a file.
  settings.bulk.total_rows = source.count();
  settings.bulk.on_batch = [&](const chroma::BatchOutcome& outcome) {
    if (outcome.outcome != chroma::RowOutcome::Failed) return;
    for (const auto& record : outcome.records) {
      rejects.add(line_of(record), record.position().value_or(0), outcome.error->what());
    }
  };
  chroma::BulkWriter writer(collection, settings.bulk);
  const Interruption interruption(client.get_executor(), writer);
  // If the file cannot be read to its end, the records before are stored nevertheless.
  std::exception_ptr failure;
  try {
    co_await store(source, rejects, writer, interruption);
  } catch (...) {
    failure = std::current_exception();
  }
  const auto summary = co_await writer.finish();
  rejects.close();
  if (failure) std::rethrow_exception(failure);
  co_return report(summary, settings, rejects, interruption.happened());
}

}  // namespace

int main(int count, char** values) try {
  auto settings = parse(count, values);
  chroma::Runtime runtime;  // Requests run on its thread.
  auto options = chroma::ChromaHttpClientOptions::from_env();
  functions::add_components(options.embedding_functions);
  const chroma::ChromaHttpClient client(runtime.executor(), options);
  asio::io_context context;
  std::exception_ptr failure;
  int status = 1;
  asio::co_spawn(context, run(client, std::move(settings)), [&](std::exception_ptr ended, int value) {
    failure = ended;
    status = value;
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return status;
} catch (const std::invalid_argument& mistake) {
  std::cerr << mistake.what() << '\n' << usage;
  return 2;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

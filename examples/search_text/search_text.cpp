// Indexes the paragraphs of Markdown and text files, and answers questions with the passages that fit best.
#include "../embedding_functions.hpp"
#include "../interactive.hpp"
#include "discovery.hpp"
#include "passages.hpp"
#include "screen.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using passages::Passage;

namespace {

constexpr std::size_t batch = 32;  // Passages that are embedded and written in one request.
constexpr const char* sparse_key = "words";

struct Arguments {
  std::optional<std::string> endpoint;
  std::string function;  ///< The option that chooses the function, without its hyphens.
  std::string value;     ///< The value of that option; empty if it has none.
  std::string model;     ///< The value of --model.
  std::string key_variable = "OPENAI_API_KEY";
  bool bm25 = false;
  std::size_t results = 3;
  std::vector<std::string> paths;
  std::vector<std::string> questions;

  /// The name of the collection. Each model has its own, because the vectors of two cannot be compared.
  [[nodiscard]] std::string collection() const {
    std::string name = "search_text_" + (function.empty() ? "words" : function) + (bm25 ? "_bm25" : "");
    if (function.empty() || function == "minilm") return name;
    name += '_';
    for (const char c : value + "_" + model)
      name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    while (name.ends_with('_')) name.pop_back();
    return name;
  }
};

/// Makes the collection, or finds it if it exists.
asio::awaitable<chroma::ChromaCollection> open(const chroma::ChromaHttpClient& client,
                                               const Arguments& arguments, functions::Dense function) {
  chroma::Schema schema;
  schema.space(chroma::Space::Cosine);
  if (arguments.bm25) schema.create_index(sparse_key, functions::bm25());
  return client.get_or_create_collection(arguments.collection(), std::move(schema), std::nullopt,
                                         std::move(function));
}

/// The lines of the passages of a file, by id.
using Lines = std::map<std::string, std::int64_t>;

/// The passages that the collection has, by file.
asio::awaitable<std::map<std::string, Lines>> stored(const chroma::ChromaCollection& collection) {
  std::map<std::string, Lines> files;
  chroma::GetRequest request;
  request.include(chroma::Include::Metadata);
  co_await chroma::for_each_row(collection, std::move(request), [&](const chroma::Row& row) {
    auto& lines = files[row.get<std::string>("file").value_or("")];
    lines.emplace(row.id, row.get<std::int64_t>("line").value_or(0));
  });
  co_return files;
}

chroma::Metadata metadata_of(const Passage& passage) {
  return {
      {"file", passage.file}, {"line", passage.line}, {"heading", passage.heading}, {"text", passage.text}};
}

/// What is to be done so that the collection has the passages of the files.
struct Changes {
  std::vector<Passage> added;
  std::vector<Passage> moved;  ///< The same text on another line, which need not be embedded again.
  std::vector<std::string> removed;
};

/// Compares the passages of a file with those that the collection has of it.
void compare_file(const passages::fs::path& file, Lines lines, Changes& changes) {
  for (auto& passage : passages::of_file(file)) {
    const auto known = lines.find(passage.id);
    if (known == lines.end()) {
      changes.added.push_back(std::move(passage));
      continue;
    }
    const bool moved = known->second != static_cast<std::int64_t>(passage.line);
    lines.erase(known);
    if (moved) changes.moved.push_back(std::move(passage));
  }
  for (const auto& [id, line] : lines) changes.removed.push_back(id);
}

/// Compares the files with the collection. The passages of files that are no longer in a folder are removed.
Changes compare(const std::vector<std::string>& paths, std::map<std::string, Lines> known) {
  Changes changes;
  std::set<std::string> seen;
  for (const auto& path : paths) {
    for (const auto& file : passages::files_of(path)) {
      const auto name = file.generic_string();
      if (seen.insert(name).second) compare_file(file, std::move(known[name]), changes);
    }
    for (auto& [name, lines] : known) {
      if (!passages::is_inside(name, path) || seen.contains(name)) continue;
      for (const auto& [id, line] : std::exchange(lines, Lines())) changes.removed.push_back(id);
    }
  }
  return changes;
}

template <class Request>
Request request_for(std::span<const Passage> passages) {
  std::vector<std::string> ids;
  std::vector<chroma::Metadata> metadatas;
  for (const auto& passage : passages) {
    ids.push_back(passage.id);
    metadatas.push_back(metadata_of(passage));
  }
  Request request(std::move(ids));
  request.metadatas(metadatas);
  return request;
}

/// The elements from `first` on that fit in one request.
template <class T>
std::span<const T> part_of(const std::vector<T>& all, std::size_t first) {
  return std::span(all).subspan(first, std::min(batch, all.size() - first));
}

asio::awaitable<void> index(const chroma::ChromaCollection& collection, const Arguments& arguments,
                            Screen& screen) {
  auto known = co_await stored(collection);
  const auto changes = compare(arguments.paths, std::move(known));
  for (std::size_t first = 0; first < changes.removed.size(); first += batch) {
    const auto part = part_of(changes.removed, first);
    chroma::DeleteRequest request;
    request.ids(std::vector<std::string>(part.begin(), part.end()));
    co_await collection.delete_records(std::move(request));
  }
  for (std::size_t first = 0; first < changes.moved.size(); first += batch) {
    auto request = request_for<chroma::UpdateRequest>(part_of(changes.moved, first));
    co_await collection.update(std::move(request));
  }
  const auto total = changes.added.size();
  for (std::size_t first = 0; first < total; first += batch) {
    const auto part = part_of(changes.added, first);
    auto request = request_for<chroma::UpsertRequest>(part);
    std::vector<std::string> documents;
    for (const auto& passage : part) documents.push_back(passage.document());
    request.documents(std::move(documents));
    co_await collection.upsert(std::move(request));
    screen.progress(first + part.size(), total);
  }
  std::cout << total << " passages are new, " << changes.moved.size() << " have moved, "
            << changes.removed.size() << " were removed\n";
}

/// The rank of a search: by meaning, by words, or by both.
chroma::RankExpr rank_of(const std::string& question, const Arguments& arguments) {
  const auto words = chroma::Knn::text(question).key(sparse_key).limit(100);
  if (arguments.function.empty()) return words;
  const auto meaning = chroma::Knn::text(question).limit(100);
  return chroma::rrf({chroma::Knn(meaning).return_rank(true), chroma::Knn(words).return_rank(true)});
}

void show(const chroma::Metadata* metadata, double similarity, const std::set<std::string>& words,
          const Screen& screen) {
  if (metadata == nullptr) return;
  const auto text_of = [&](const char* key) {
    const auto found = metadata->find(key);
    return found == metadata->end() ? std::string() : found->second.get<std::string>().value_or("");
  };
  const auto line = metadata->find("line");
  const auto number = line == metadata->end() ? 0 : line->second.get<std::int64_t>().value_or(0);
  screen.passage(text_of("file") + ":" + std::to_string(number), text_of("heading"), text_of("text"),
                 similarity, words);
}

asio::awaitable<void> answer(const chroma::ChromaCollection& collection, const std::string& question,
                             const Arguments& arguments, const Screen& screen) {
  const auto words = Screen::words_of(question);
  screen.question(question);
  if (arguments.bm25) {
    chroma::SearchPayload search;
    search.rank(rank_of(question, arguments)).limit(arguments.results).select(chroma::Key::Metadata);
    const auto response = co_await collection.search(std::move(search));
    for (const auto row : response.rows()) show(row.metadata, -1, words, screen);
    co_return;
  }
  chroma::QueryRequest query;
  query.query_texts(question).n_results(arguments.results);
  const auto response = co_await collection.query(std::move(query));
  for (const auto row : response.rows()) {
    show(row.metadata, 1 - static_cast<double>(row.distance.value_or(1)), words, screen);
  }
}

asio::awaitable<void> run(chroma::ChromaHttpClient client, Arguments arguments, functions::Dense function,
                          Screen& screen, asio::signal_set& interrupts) {
  const auto collection = co_await open(client, arguments, std::move(function));
  co_await index(collection, arguments, screen);
  for (const auto& question : arguments.questions) co_await answer(collection, question, arguments, screen);
  if (!arguments.questions.empty()) co_return;
  // Reading from the standard input blocks this thread, on which nothing else runs meanwhile. It could not
  // handle a signal either, so that from here on a signal ends the process.
  interrupts.clear();
  std::cout << "Questions, one on each line:" << std::endl;
  for (std::string question; std::getline(std::cin, question);) {
    if (!question.empty()) co_await answer(collection, question, arguments, screen);
  }
}

int usage(std::ostream& out, int status) {
  out << "usage: search_text [FUNCTION] [--endpoint URL] [--results N] [PATH...] [--ask QUESTION...]\n\n"
         "Indexes the paragraphs of the Markdown and text files PATH, or of those in the folders PATH, and "
         "shows the\n"
         "passages that fit each question best. Without --ask it reads questions from the standard input. "
         "Files that are\n"
         "indexed again cost only what has changed.\n\n"
         "FUNCTION is one of the following, or --bm25 together with one of the others. Without it, the "
         "program looks for\n"
         "the model and for servers on this computer, and uses the first that it finds:\n"
         "  --minilm        the model all-MiniLM-L6-v2 in this process\n"
         "  --ollama MODEL  a model of the Ollama server at http://localhost:11434, or at $OLLAMA_HOST\n"
         "  --openai URL    a server with OpenAI's interface, such as llama.cpp at http://localhost:8080/v1; "
         "the "
         "key is read\n"
         "                  from OPENAI_API_KEY\n"
         "  --tei URL       a Hugging Face Text Embeddings Inference server\n"
         "  --bm25          words instead of meaning; the server must have sparse indexes, as Chroma Cloud "
         "has\n"
         "\n"
         "  --model MODEL   the folder of model.onnx for --minilm (default: the cache of the Python client), "
         "the "
         "name of the\n"
         "                  model for --openai\n"
         "  --endpoint URL  the Chroma server (default: $CHROMA_ENDPOINT, else http://localhost:8000)\n"
         "  --results N     passages for each question (default: 3)\n";
  return status;
}

std::optional<Arguments> parse(int argc, char** argv) {
  Arguments arguments;
  bool asking = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--minilm") {
      arguments.function = "minilm";
    } else if ((argument == "--ollama" || argument == "--openai" || argument == "--tei") && has_value) {
      arguments.function = argument.substr(2);
      arguments.value = argv[++i];
    } else if (argument == "--bm25") {
      arguments.bm25 = true;
    } else if (argument == "--endpoint" && has_value) {
      arguments.endpoint = argv[++i];
    } else if (argument == "--model" && has_value) {
      arguments.model = argv[++i];
    } else if (argument == "--results" && has_value) {
      arguments.results = std::strtoul(argv[++i], nullptr, 10);
    } else if (argument == "--ask" && has_value) {
      asking = true;
    } else if (argument.starts_with("--")) {
      return std::nullopt;
    } else {
      (asking ? arguments.questions : arguments.paths).push_back(argument);
    }
  }
  return arguments;
}

functions::Dense make_function(const asio::any_io_executor& executor, const Arguments& arguments) {
  if (arguments.function == "minilm") return functions::mini_lm(arguments.model);
  if (arguments.function == "ollama") return functions::ollama(executor, arguments.value);
  if (arguments.function == "openai") {
    return functions::openai(executor, arguments.value, arguments.model, arguments.key_variable);
  }
  if (arguments.function == "tei") return functions::tei(executor, arguments.value);
  return functions::constant();
}

/// Looks for a function if the arguments choose none. Returns the exit status if there is none.
int choose_function(asio::io_context& context, asio::signal_set& interrupts, Arguments& arguments,
                    Screen& screen) {
  if (!arguments.function.empty() || arguments.bm25) return EXIT_SUCCESS;
  auto candidates = discovery::candidates();
  std::optional<discovery::Choice> choice;
  const int status =
      run_until_interrupted(context, interrupts, discovery::search(candidates, choice), screen);
  if (status != EXIT_SUCCESS) return status;
  if (!choice) {
    discovery::suggest(candidates, std::cerr);
    return 2;
  }
  std::cout << "using --" << choice->option << ' ' << choice->value << '\n';
  arguments.function = choice->option;
  arguments.value = choice->value;
  arguments.key_variable = functions::local_key;
  context.restart();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc > 1 && std::string_view(argv[1]) == "--help") return usage(std::cout, EXIT_SUCCESS);
  auto arguments = parse(argc, argv);
  if (!arguments || arguments->results == 0) return usage(std::cerr, 2);
  auto options = options_for(arguments->endpoint);
  functions::add_components(options.embedding_functions);
  Screen screen;
  asio::io_context context;
  asio::signal_set interrupts(context, SIGINT, SIGTERM);
  if (const int status = choose_function(context, interrupts, *arguments, screen)) return status;
  const chroma::ChromaHttpClient client(context.get_executor(), options);
  auto function = make_function(context.get_executor(), *arguments);
  return run_until_interrupted(context, interrupts,
                               run(client, *arguments, std::move(function), screen, interrupts), screen);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

#pragma once

#include "../embedding_functions.hpp"

#include <chroma/chroma.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

/// Looks for an embedding function where the user has not chosen one.
namespace discovery {

namespace asio = boost::asio;

/// The option of a function with the values that are tried, and how to make it usable.
struct Candidate {
  std::string option;
  std::vector<std::string> values;
  std::string start;
  std::string reason;  ///< Why none of the values can be used.
};

struct Choice {
  std::string option;
  std::string value;
};

/// Servers at their usual ports.
inline std::vector<Candidate> candidates() {
  return {
      {"minilm", {""}, "the Python client stores the model when it first uses it; see docs/embedding.md", ""},
      {"ollama",
       {"nomic-embed-text", "mxbai-embed-large", "bge-m3", "all-minilm"},
       "ollama serve & ollama pull nomic-embed-text",
       ""},
      {"tei",
       {"http://localhost:8080", "http://localhost:3000"},
       "text-embeddings-router --model-id BAAI/bge-small-en-v1.5 --port 8080",
       ""},
      {"openai",
       {"http://localhost:8080/v1", "http://localhost:1234/v1", "http://localhost:8000/v1"},
       "llama-server --embeddings -m model.gguf; LM Studio, vLLM and LocalAI have this interface, too",
       ""},
  };
}

inline functions::Dense make(const asio::any_io_executor& executor, const Choice& choice) {
  if (choice.option == "minilm") return functions::mini_lm("");
  if (choice.option == "ollama") return functions::ollama(executor, choice.value);
  if (choice.option == "tei") return functions::tei(executor, choice.value);
  return functions::openai(executor, choice.value, "", functions::local_key);
}

/// Embeds a word. Returns the reason if that fails; empty if the function can be used.
inline asio::awaitable<std::string> try_out(asio::any_io_executor executor, Choice choice) {
  std::string reason;
  functions::Dense function;
  try {
    function = make(executor, choice);
  } catch (const std::exception& error) {
    reason = error.what();
  }
  if (!function) co_return reason;
  std::vector<std::string> word = {"word"};
  const auto embedded = co_await chroma::as_result(function->embed_strs(std::move(word)));
  if (embedded.has_value()) co_return reason;
  const auto* failed = embedded.error().get_if<chroma::RequestError>();
  if (failed != nullptr && failed->stage == chroma::Stage::cancelled) throw embedded.error();
  if (failed != nullptr && failed->stage == chroma::Stage::connect) {
    reason = "there is no server";
  } else {
    reason = embedded.error().what();
  }
  co_return reason;
}

/// Tries the candidates one after the other until a function can be used. Puts it into `choice`, or the
/// reasons into the candidates.
inline asio::awaitable<void> search(std::vector<Candidate>& all, std::optional<Choice>& choice) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (auto& candidate : all) {
    for (const auto& value : candidate.values) {
      const Choice tried{candidate.option, value};
      candidate.reason = co_await try_out(executor, tried);
      if (!candidate.reason.empty()) continue;
      choice = tried;
      co_return;
    }
  }
}

/// Says for each function why it cannot be used and how to make it usable.
inline void suggest(const std::vector<Candidate>& all, std::ostream& out) {
  out << "No embedding function was found. Make one of these usable:\n";
  for (const auto& candidate : all) {
    out << "  --" << candidate.option << ": " << candidate.start << " (" << candidate.reason << ")\n";
  }
  out << "  --bm25: a Chroma server with sparse indexes, such as Chroma Cloud\n"
         "search_text --help shows all options.\n";
}

}  // namespace discovery

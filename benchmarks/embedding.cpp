// Measures embedding functions; see scripts/embedding-benchmark. Prints one line of JSON.
#include "process_costs.hpp"

#include <chroma/chroma.hpp>
#include <chroma/embed/bm25.hpp>
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>
#include <chroma/embed/openai.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Texts = std::vector<std::string>;

Texts read_lines(const std::string& path, std::size_t count) {
  std::ifstream in(path);
  Texts lines;
  for (std::string line; lines.size() < count && std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error("there are no texts in " + path);
  return lines;
}

void measure(std::size_t texts, std::size_t calls, const std::function<void()>& call) {
  call();  // Opens the connection, loads the model, fills the caches.
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  for (std::size_t i = 0; i < calls; ++i) call();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  std::cout << "{\"wall_seconds\": " << wall.count() << ", \"cpu_seconds\": " << cpu_seconds() - cpu
            << ", \"megabytes\": " << peak_megabytes() << ", \"texts\": " << texts * calls << "}\n";
}

/// Embeds all texts in one call of the function.
void measure_dense(const chroma::embed::DenseEmbeddingFunction& function, chroma::Runtime& runtime,
                   const Texts& texts, std::size_t calls) {
  measure(texts.size(), calls, [&] {
    if (runtime.block_on(function.embed_strs(texts)).size() != texts.size()) std::abort();
  });
}

void run(const std::string& function, const std::string& source, const Texts& texts, std::size_t calls) {
  chroma::Runtime runtime;
  if (function == "openai") {
    chroma::embed::OpenAiOptions options;
    options.api_base = source;
    options.model = "text-embedding-3-small";
    options.proxy = "";
    measure_dense(chroma::embed::OpenAiEmbeddingFunction(runtime.executor(), options), runtime, texts, calls);
  } else if (function == "minilm") {
    chroma::embed::OnnxMiniLmL6V2Options options;
    options.model_directory = source;
    options.threads = 1;
    measure_dense(chroma::embed::OnnxMiniLmL6V2EmbeddingFunction(options), runtime, texts, calls);
  } else if (function == "bm25") {
    const auto bm25 = chroma::embed::BM25SparseEmbeddingFunction::default_murmur3_abs();
    measure(texts.size(), calls, [&] {
      for (const auto& text : texts) {
        if (bm25.encode(text).indices().size() > text.size()) std::abort();
      }
    });
  } else {
    throw std::runtime_error("no function " + function);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 6) {
    std::cerr << "usage: chroma_embedding_benchmark openai|minilm|bm25 URL_OR_FOLDER FILE TEXTS CALLS\n";
    return EXIT_FAILURE;
  }
  run(argv[1], argv[2], read_lines(argv[3], std::stoul(argv[4])), std::stoul(argv[5]));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}

// A user's program with both embedding components. Prints how many tokens BM25 finds, and what the
// constructor of MiniLM says of a folder, the first argument, that holds no model.
#include <chroma/chroma.hpp>
#include <chroma/embed/bm25.hpp>
#include <chroma/embed/onnx_mini_lm_l6_v2.hpp>

#include <iostream>

int main(int, char** argv) {
  const auto bm25 = chroma::embed::BM25SparseEmbeddingFunction::default_murmur3_abs();
  std::cout << bm25.encode("The quick brown foxes").indices().size() << " tokens; ";
  chroma::embed::OnnxMiniLmL6V2Options options;
  options.model_directory = argv[1];
  try {
    const chroma::embed::OnnxMiniLmL6V2EmbeddingFunction mini_lm(options);
  } catch (const chroma::ChromaHttpClientError& error) {
    std::cout << error.what() << '\n';
  }
}

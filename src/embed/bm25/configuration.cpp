#include "embed/bm25/configuration.hpp"

#include "embed/bm25/stop_words.hpp"
#include "json/fields.hpp"
#include "json/reader.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"

#include <cmath>
#include <string>

namespace chroma::embed::bm25 {
namespace {

std::vector<std::string> read_strings(json::Reader& in) {
  std::vector<std::string> strings;
  in.begin_array();
  while (in.next_element()) strings.push_back(in.string());
  return strings;
}

// The schema of the configuration has the type "number", so 40.0 is also a valid length.
std::size_t read_length(json::Reader& in) {
  const char* begin = in.cursor();
  const double number = in.float64();
  constexpr double most = 1e9;
  if (number < 0 || number > most || number != std::floor(number)) in.fail_at(begin, "expected a length");
  return static_cast<std::size_t>(number);
}

}  // namespace

EmbeddingFunctionConfiguration write_configuration(const BM25Options& options) {
  core::Buffer text;
  json::Writer out(text);
  out.raw("{\"k\":");
  out.number(options.k);
  out.raw(",\"b\":");
  out.number(options.b);
  out.raw(",\"avg_doc_length\":");
  out.number(options.avg_len);
  out.raw(",\"token_max_length\":");
  out.number(options.token_max_length);
  out.raw(",\"include_tokens\":");
  out.boolean(options.include_tokens);
  if (options.stop_words != default_stop_words()) {
    out.raw(",\"stopwords\":");
    json::write_strings(out, options.stop_words);
  }
  out.raw('}');
  return EmbeddingFunctionConfiguration::known("chroma_bm25", std::string(text.view()));
}

BM25Options read_configuration(const EmbeddingFunctionConfiguration& configuration) {
  BM25Options options;
  options.include_tokens = false;
  options.token_length = BM25Options::TokenLength::Characters;
  json::Reader in(configuration.config());
  json::read_object(in, [&](std::string_view name) {
    const std::string key(name);  // The reader's own text is gone when the value is read.
    if (in.take_null()) return true;
    if (key == "k") {
      options.k = in.float32();
    } else if (key == "b") {
      options.b = in.float32();
    } else if (key == "avg_doc_length" || key == "avg_len") {
      options.avg_len = in.float32();
    } else if (key == "token_max_length") {
      options.token_max_length = read_length(in);
    } else if (key == "include_tokens") {
      options.include_tokens = in.boolean();
    } else if (key == "stopwords") {
      options.stop_words = read_strings(in);
    } else {
      return false;
    }
    return true;
  });
  in.finish();
  return options;
}

}  // namespace chroma::embed::bm25

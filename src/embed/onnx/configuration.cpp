#include "embed/onnx/configuration.hpp"

#include "json/fields.hpp"
#include "json/reader.hpp"

#include <chroma/error.hpp>

#include <string>
#include <string_view>

namespace chroma::embed::onnx {

void require_mini_lm(const EmbeddingFunctionConfiguration& configuration) {
  constexpr std::string_view model = "all-MiniLM-L6-v2";
  std::string name(model);
  json::Reader in(configuration.config());
  json::read_object(in, [&](std::string_view key) {
    if (key != "model_name") return false;
    if (!in.take_null()) name = in.string();
    return true;
  });
  in.finish();
  const auto own_name = std::string_view(name).substr(name.rfind('/') + 1);  // npos + 1 is 0.
  if (own_name == model) return;
  throw ChromaHttpClientError(EmbeddingFunctionError{
      "the collection's embedding function \"" + configuration.name() + "\" uses the model " + name +
      ", but in this process only " + std::string(model) + " can run; give the collection a function"});
}

}  // namespace chroma::embed::onnx

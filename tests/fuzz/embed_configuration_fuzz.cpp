// Reads any JSON as the configuration of each embedding function that calls an HTTP service.
#include "embed/chroma_cloud/configuration.hpp"
#include "embed/hugging_face/configuration.hpp"
#include "embed/hugging_face/server.hpp"
#include "embed/ollama/configuration.hpp"
#include "embed/ollama/wire.hpp"
#include "embed/openai/configuration.hpp"

#include <chroma/error.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace chroma::embed;
using chroma::EmbeddingFunctionConfiguration;

/// What is written of a configuration that was read is read again.
template <class Read, class Write>
void read_and_write(const EmbeddingFunctionConfiguration& configuration, Read read, Write write) {
  try {
    const auto options = read(configuration);
    static_cast<void>(read(write(options)));
  } catch (const chroma::ChromaHttpClientError& error) {
    if (!error.is<chroma::EmbeddingFunctionError>()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(ollama::server_url(text));
  static_cast<void>(hugging_face::with_path(text, "/embed"));
  EmbeddingFunctionConfiguration configuration;
  try {
    configuration = EmbeddingFunctionConfiguration::known("fuzzed", text);
  } catch (const chroma::ChromaHttpClientError&) {
    return 0;  // Not JSON.
  }
  read_and_write(configuration, openai::read_configuration, openai::write_configuration);
  read_and_write(configuration, ollama::read_configuration, ollama::write_configuration);
  read_and_write(configuration, hugging_face::read_configuration, hugging_face::write_configuration);
  const auto write = [](const auto& options) { return chroma_cloud::write_configuration(options); };
  read_and_write(configuration, chroma_cloud::read_qwen_configuration, write);
  read_and_write(configuration, chroma_cloud::read_splade_configuration, write);
  return 0;
}

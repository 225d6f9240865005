// Decodes any text as a response of each provider of embeddings, and as an error of one.
#include "embed/chroma_cloud/wire.hpp"
#include "embed/http/provider_error.hpp"
#include "embed/hugging_face/wire.hpp"
#include "embed/ollama/wire.hpp"
#include "embed/openai/wire.hpp"

#include <chroma/error.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace chroma::embed;

template <class Read>
void decode(std::string_view text, Read read) {
  try {
    static_cast<void>(read(text));
  } catch (const chroma::ChromaHttpClientError& error) {
    if (!error.is<chroma::SerdeError>()) std::abort();
  }
}

void describe(std::string_view text, int status) {
  constexpr std::string_view secret = "sk-12345678";
  chroma::transport::HttpResponse response;
  response.status = status;
  response.body = chroma::core::Buffer(text);
  static_cast<void>(is_worth_another_attempt(response));
  const auto error = status < 300 ? unreadable_response(response, "reason", {std::string(secret)})
                                  : provider_error(response, {std::string(secret)});
  static_cast<void>(refusal_of(error));
  if (error.message.empty()) std::abort();
  for (const std::string* shown : {&error.message, &error.code, &error.body}) {
    if (shown->find(secret) != std::string::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  decode(text, openai::read_response);
  decode(text, ollama::read_response);
  decode(text, hugging_face::read_dense_response);
  decode(text, hugging_face::read_sparse_response);
  decode(text, hugging_face::read_info);
  decode(text, chroma_cloud::read_qwen_response);
  decode(text, [](std::string_view body) { return chroma_cloud::read_splade_response(body, true); });
  for (const int status : {200, 400, 413, 422, 429, 500}) describe(text, status);
  return 0;
}

// A second file of a user, which instantiates coroutine templates of the headers that user.cpp instantiates
// too.
#include <chroma/chroma.hpp>

#include <cstdint>
#include <string>

std::uint32_t count(chroma::Runtime& runtime, const chroma::ChromaHttpClient& client) {
  auto text = runtime.submit(client.version());
  runtime.submit(client.version(), [](const chroma::Result<std::string>&) {});
  return runtime.block_on(client.count_collections());
}

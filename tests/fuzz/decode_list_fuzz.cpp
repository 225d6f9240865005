// Decodes any text as a list of collections: each item is either read or reported.
#include "codec/collection.hpp"

#include <chroma/error.hpp>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(chroma::codec::decode<chroma::codec::CollectionList>(text));
  } catch (const chroma::ChromaHttpClientError&) {
    return 0;
  }
  return 0;
}

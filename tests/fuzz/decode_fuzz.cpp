// Any text as JSON of the type CHROMA_FUZZED: it is refused with an error, or what was read is printed, read
// and printed again with the same text.
#include "codec/collection.hpp"
#include "codec/records.hpp"
#include "codec/schema.hpp"
#include "codec/search.hpp"

#include <chroma/error.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace {

std::optional<CHROMA_FUZZED> read(std::string_view text) {
  try {
    return chroma::codec::decode<CHROMA_FUZZED>(text);
  } catch (const chroma::ChromaHttpClientError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = read(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value) return 0;
  const auto text = chroma::codec::encode(*value);
  const auto again = read(text.view());
  if (!again || chroma::codec::encode(*again).view() != text.view()) std::abort();
  return 0;
}

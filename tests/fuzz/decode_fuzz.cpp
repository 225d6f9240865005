// Decodes any text as each of the types CHROMA_FUZZED: it is refused with an error, or the value is printed,
// read and printed again with the same text.
#include "codec/codec.hpp"
#include "codec/collection.hpp"
#include "codec/records.hpp"
#include "codec/schema.hpp"

#include <chroma/error.hpp>
#include <chroma/requests.hpp>
#include <chroma/responses.hpp>
#include <chroma/search.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace {

template <class T>
std::optional<T> read(std::string_view text) {
  try {
    return chroma::codec::decode<T>(text);
  } catch (const chroma::ChromaHttpClientError&) {
    return std::nullopt;
  }
}

template <class T>
void check_one(std::string_view input) {
  const auto value = read<T>(input);
  if (!value) return;
  const auto text = chroma::codec::encode(*value);
  const auto again = read<T>(text.view());
  if (!again || chroma::codec::encode(*again).view() != text.view()) std::abort();
}

template <class... T>
void check(std::string_view input) {
  (check_one<T>(input), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check<CHROMA_FUZZED>(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}

// Parses any text as a where clause and as a where_document clause: it is refused with an error, or the
// filter is printed, parsed and printed again with the same text.
#include <chroma/error.hpp>
#include <chroma/where.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void check(chroma::Where (*parse)(std::string_view), std::string_view text) {
  std::string printed;
  try {
    printed = parse(text).to_json();
  } catch (const chroma::ChromaHttpClientError& error) {
    if (!error.is<chroma::InvalidWhere>()) std::abort();
    return;
  }
  // Printed documents are of the where grammar, whichever they came from.
  if (chroma::Where::parse(printed).to_json() != printed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(&chroma::Where::parse, text);
  check(&chroma::Where::parse_document, text);
  return 0;
}

// Decodes any text as the body of an error response: there is always a message, which is not longer than the
// body unless the body is very short.
#include "codec/decode_error.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto error = chroma::codec::decode_error(500, body);
  if (error.message.empty() && error.name.empty()) std::abort();
  if (error.message.size() > std::max<std::size_t>(size, 1100)) std::abort();
  return 0;
}

// Decodes any text as each of the small responses.
#include "codec/system.hpp"

#include <chroma/error.hpp>
#include <chroma/responses.hpp>

#include <cstdint>

namespace {

template <class T>
void read(std::string_view text) {
  try {
    static_cast<void>(chroma::codec::decode<T>(text));
  } catch (const chroma::ChromaHttpClientError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read<chroma::HeartbeatResponse>(text);
  read<chroma::GetUserIdentityResponse>(text);
  read<chroma::PreFlightChecks>(text);
  read<chroma::HealthcheckResponse>(text);
  read<chroma::IndexStatusResponse>(text);
  read<chroma::Tenant>(text);
  read<std::vector<chroma::Database>>(text);
  read<chroma::codec::ForkCount>(text);
  return 0;
}

#include "codec/record_size.hpp"

#include "core/base64.hpp"
#include "json/values.hpp"
#include "json/writer.hpp"
#include "types/metadata_json.hpp"

namespace chroma::codec {

std::size_t text_size(std::string_view utf8) noexcept {
  std::size_t size = utf8.size() + 2;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      const bool is_short = byte == '\b' || byte == '\f' || byte == '\n' || byte == '\r' || byte == '\t';
      size += is_short ? 1 : 5;
    } else if (byte == '"' || byte == '\\') {
      ++size;
    }
  }
  return size;
}

std::size_t embedding_size(std::span<const float> row, bool base64, core::Buffer& scratch) {
  if (base64) return core::base64_size(row.size() * sizeof(float)) + 2;
  scratch.clear();
  json::Writer out(scratch);
  json::write_array(out, row, [&](float value) { out.number(value); });
  return scratch.size();
}

std::size_t metadata_size(const UpdateMetadata& metadata, core::Buffer& scratch) {
  scratch.clear();
  json::Writer out(scratch);
  write(out, metadata);
  return scratch.size();
}

}  // namespace chroma::codec

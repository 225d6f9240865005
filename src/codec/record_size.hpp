#pragma once

#include "core/buffer.hpp"

#include <chroma/metadata.hpp>

#include <cstddef>
#include <span>
#include <string_view>

/// Exactly how many bytes the encoder of add, upsert and update writes for the parts of one record.
namespace chroma::codec {

/// A string with its quotes and escapes.
[[nodiscard]] std::size_t text_size(std::string_view utf8) noexcept;
/// An embedding, as base64 or as numbers. Numbers are written to `scratch` to be counted.
[[nodiscard]] std::size_t embedding_size(std::span<const float> row, bool base64, core::Buffer& scratch);
/// A record's metadata, which is written to `scratch` to be counted.
[[nodiscard]] std::size_t metadata_size(const UpdateMetadata& metadata, core::Buffer& scratch);

}  // namespace chroma::codec

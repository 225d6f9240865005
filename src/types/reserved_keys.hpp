#pragma once

#include <string_view>

/// The keys that stand for a part of the record instead of a metadata key.
namespace chroma {

inline constexpr std::string_view document_key = "#document";
inline constexpr std::string_view embedding_key = "#embedding";

}  // namespace chroma

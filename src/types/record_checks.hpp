#pragma once

#include <chroma/embeddings.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What the columns of a request are checked for before they are sent. Each `check_...` throws a
/// `ChromaHttpClientError` of kind `ValidationError`: field by name, row and reason in the message.
namespace chroma::detail {

/// Whether a row may be left out.
enum class Gaps { refused, allowed };

/// Ids that are empty or not in UTF-8: the first one's fault in words, or empty.
[[nodiscard]] std::string ids_fault(const std::vector<std::string>& ids);
/// The same as an error.
void check_ids(const std::vector<std::string>& ids);
/// An id that is there twice.
void check_unique(const std::vector<std::string>& ids);
/// NaN or an infinity in a row, as "has NaN at index 5"; empty if there is none.
[[nodiscard]] std::string not_finite_fault(std::span<const float> row);
/// Rows of unlike length, empty rows, NaN and infinities, and gaps where they are refused.
void check_embeddings(const char* field, const Embeddings& embeddings, Gaps gaps);
/// More or fewer rows than ids.
void check_length(const char* field, std::size_t rows, std::size_t ids);
/// Texts that are not in UTF-8.
void check_texts(const char* field, const std::vector<std::optional<std::string>>& texts);
/// Numbers of more than 32 bits.
void check_u32(const char* field, std::uint64_t value);

}  // namespace chroma::detail

#pragma once

#include <chroma/embeddings.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Checks of the columns of a request before it is sent. Each `check_...` throws a `ChromaHttpClientError` of
/// kind `ValidationError` with the name of the field; the message has the row and the reason.
namespace chroma::detail {

/// Whether rows may be missing.
enum class Gaps { refused, allowed };

/// The error message for the first id that is empty or not valid UTF-8; empty if there is none.
[[nodiscard]] std::string ids_fault(const std::vector<std::string>& ids);
/// Throws an error with that message.
void check_ids(const std::vector<std::string>& ids);
/// Refuses duplicate ids.
void check_unique(const std::vector<std::string>& ids);
/// The error message for the first value that is not finite, "has NaN at index 5"; empty if there is none.
[[nodiscard]] std::string not_finite_fault(std::span<const float> row);
/// Refuses rows of different lengths, empty rows, NaN, infinities, and missing rows where they are not
/// allowed.
void check_embeddings(const char* field, const Embeddings& embeddings, Gaps gaps);
/// Refuses a column whose number of rows differs from the number of ids.
void check_length(const char* field, std::size_t rows, std::size_t ids);
/// Refuses texts that are not valid UTF-8.
void check_texts(const char* field, const std::vector<std::optional<std::string>>& texts);
/// Refuses numbers of more than 32 bits.
void check_u32(const char* field, std::uint64_t value);

}  // namespace chroma::detail

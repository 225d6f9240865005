#pragma once

#include "bulk/row.hpp"

#include <chroma/read_requests.hpp>
#include <chroma/write_requests.hpp>

#include <span>
#include <string>
#include <vector>

/// From rows to the requests of a collection.
namespace chroma::bulk {

/// A column is left out if no row has it. Embeddings that are adjacent in one block are not copied, so the
/// rows must outlive the call that sends the request.
[[nodiscard]] AddRequest add_request(std::span<const Row> rows);
[[nodiscard]] UpsertRequest upsert_request(std::span<const Row> rows);
[[nodiscard]] UpdateRequest update_request(std::span<const Row> rows);
[[nodiscard]] DeleteRequest delete_request(std::span<const Row> rows);

}  // namespace chroma::bulk

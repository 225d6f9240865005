#pragma once

#include "bulk/row.hpp"

#include <chroma/read_requests.hpp>
#include <chroma/write_requests.hpp>

#include <string>
#include <vector>

/// From rows to the requests of a collection.
namespace chroma::bulk {

/// A column is left out if no row has it. Embeddings are not copied, so the rows must outlive the call that
/// sends the request.
[[nodiscard]] AddRequest add_request(const Rows& rows);
[[nodiscard]] UpsertRequest upsert_request(const Rows& rows);
[[nodiscard]] UpdateRequest update_request(const Rows& rows);
[[nodiscard]] DeleteRequest delete_request(const Rows& rows);

}  // namespace chroma::bulk

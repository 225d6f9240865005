#pragma once

#include "testing/payload.hpp"
#include "testing/records.hpp"

#include <chroma/where.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chroma::testing {

/// The columns of an add, update or upsert. The server checks a request in steps and looks up the collection
/// between them. The order determines which error is sent if a request has several.
struct WriteColumns {
  using Embedding = std::optional<std::vector<float>>;
  using Text = std::optional<std::string>;

  /// @throws Failure with status 422 for JSON of another form
  WriteColumns(Records::Write kind, const Json& body);

  /// Decodes the embeddings and checks the values. @throws Failure with status 400
  void decode();
  /// The columns as rows. @throws Failure with status 400 or 501
  [[nodiscard]] std::vector<RecordChange> rows() const;

  std::vector<std::string> ids;
  Json embeddings_json;  ///< Null if an update has none.
  std::optional<std::vector<Embedding>> embeddings;
  std::optional<std::vector<Text>> documents;
  std::optional<std::vector<Text>> uris;
  std::optional<std::vector<UpdateMetadata>> metadatas;
};

/// The filters `where` and `where_document` of a request, both of which a record must match.
/// @throws Failure with status 400
[[nodiscard]] std::optional<Where> read_where(const Json& body);

/// The `include` of a request, or the default. @throws Failure with status 422
[[nodiscard]] std::vector<std::string> read_include(const Json& body,
                                                    const std::vector<std::string>& by_default);

/// The dimension that all embeddings have; 0 if there are none. @throws Failure with status 400 if they
/// differ
[[nodiscard]] std::size_t common_dimension(const std::vector<const std::vector<float>*>& embeddings);

/// Rows of numbers. @throws Failure with status 422
[[nodiscard]] std::vector<std::vector<float>> read_matrix(const Json& value, const std::string& path);

}  // namespace chroma::testing

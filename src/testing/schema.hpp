#pragma once

#include "testing/payload.hpp"

#include <chroma/metadata.hpp>
#include <chroma/where.hpp>

#include <string>

namespace chroma::testing {

/// The schema of a collection, as JSON in the form that the server sends: its vector index, and which kinds
/// of metadata are indexed.
class CollectionSchema {
 public:
  /// The schema of a new collection, from the members `schema`, `configuration` and `metadata` of the
  /// request.
  /// @throws Failure if they are invalid
  [[nodiscard]] static CollectionSchema create(const Json& request);

  /// Applies `new_configuration` of a request. @throws Failure with status 422 or 400
  void update(const Json& new_configuration);
  /// Adds the keys of a record's metadata, by the types of their values.
  void discover(const UpdateMetadata& metadata);

  /// @throws Failure with status 400 if the filter uses a kind of value that is not indexed
  void require_indexed(const Where& where) const;
  /// "l2", "cosine" or "ip".
  [[nodiscard]] std::string space() const;
  /// The schema itself.
  [[nodiscard]] const Json& json() const noexcept { return schema_; }
  /// `configuration_json` of the collection.
  [[nodiscard]] Json configuration() const;

 private:
  explicit CollectionSchema(Json schema) : schema_(std::move(schema)) {}

  [[nodiscard]] bool is_indexed(const std::string& key, const char* type, const char* index) const;
  void require_indexed(const MetadataExpression& expression) const;

  Json schema_;
};

}  // namespace chroma::testing

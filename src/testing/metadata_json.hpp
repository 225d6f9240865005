#pragma once

#include "testing/payload.hpp"

#include <chroma/metadata.hpp>

#include <string>

namespace chroma::testing {

/// Metadata of a request. Its values are read as the server reads them: integers beyond 64 bits become
/// floats, an array of integers and floats is one of floats, an empty array is one of bool.
/// @param nulls whether a value may be null, which deletes the key
/// @throws Failure with status 422
[[nodiscard]] UpdateMetadata read_metadata(const Json& value, const std::string& path, bool nulls);

/// What is wrong with a key, in the server's words; empty if nothing.
[[nodiscard]] std::string key_fault(const UpdateMetadata& metadata);

/// Sets the keys of `change`, or deletes those that are null or an empty array: the server keeps none.
void merge(Metadata& metadata, const UpdateMetadata& change);

[[nodiscard]] Json metadata_json(const Metadata& metadata);

}  // namespace chroma::testing

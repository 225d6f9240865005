#pragma once

#include "testing/payload.hpp"

#include <chroma/metadata.hpp>

#include <string>

namespace chroma::testing {

/// Reads the metadata of a request as the server does: an integer that does not fit into 64 bits becomes a
/// float, an array of integers and floats an array of floats, and an empty array an array of bool.
/// @param nulls whether a value may be null, which deletes the key
/// @throws Failure with status 422
[[nodiscard]] UpdateMetadata read_metadata(const Json& value, const std::string& path, bool nulls);

/// The error message of the server for the first invalid key; empty if all keys are valid.
[[nodiscard]] std::string key_fault(const UpdateMetadata& metadata);

/// Sets the keys of `change`. Deletes the keys whose value is null or an empty array, as the server does.
void merge(Metadata& metadata, const UpdateMetadata& change);

[[nodiscard]] Json metadata_json(const Metadata& metadata);

}  // namespace chroma::testing

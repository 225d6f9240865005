#pragma once

#include <cstddef>
#include <string>

namespace chroma::testing {

/// The error message of the server for an invalid name of a collection or database; empty if it is valid.
[[nodiscard]] std::string name_fault(const std::string& name);
/// True for the text of a UUID. The id of a collection must be one.
[[nodiscard]] bool is_uuid(const std::string& text);
/// A UUID that is made from a number.
[[nodiscard]] std::string uuid_of(std::size_t number);

}  // namespace chroma::testing

#pragma once

#include <cstddef>
#include <string>

namespace chroma::testing {

/// What the server has against the name of a collection or a database, in its words; empty if nothing.
[[nodiscard]] std::string name_fault(const std::string& name);
/// True for the text of a UUID, without which a collection cannot be addressed.
[[nodiscard]] bool is_uuid(const std::string& text);
/// A UUID that holds a number.
[[nodiscard]] std::string uuid_of(std::size_t number);

}  // namespace chroma::testing

#pragma once

#include <string>
#include <string_view>

namespace chroma::detail {

/// The path of a request below `/api/v2`, built from fixed parts and from names. Names are percent-encoded,
/// so that a name can never address another resource.
class Path {
 public:
  /// @param fixed begins with '/' and is written as it is
  explicit Path(std::string_view fixed) : text_(fixed) {}

  /// Appends a fixed part, which begins with '/' or is empty.
  Path& fixed(std::string_view part) & {
    text_ += part;
    return *this;
  }
  Path&& fixed(std::string_view part) && { return static_cast<Path&&>(fixed(part)); }

  /// Appends '/' and the percent-encoded name.
  /// @param field the argument that holds the name, for the error
  /// @throws ChromaHttpClientError with ValidationError, see `require_name`
  Path& name(std::string_view field, std::string_view name) &;
  Path&& name(std::string_view field, std::string_view value) && {
    return static_cast<Path&&>(name(field, value));
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// Checks the name of a tenant, database or collection, or an id, before it becomes part of a path. Refuses
/// an empty text, text that is not valid UTF-8, and "." and "..", which proxies resolve even when they are
/// percent-encoded.
/// @throws ChromaHttpClientError with ValidationError
void require_name(std::string_view field, std::string_view name);

}  // namespace chroma::detail

#pragma once

#include "testing/pattern.hpp"

#include <chroma/metadata.hpp>
#include <chroma/where.hpp>

#include <functional>
#include <map>
#include <string>

namespace chroma::testing {

/// A record's document and URI are kept as metadata of these keys, as in the server.
inline constexpr const char* document_key = "chroma:document";
inline constexpr const char* uri_key = "chroma:uri";

/// A filter, with its patterns compiled.
class Filter {
 public:
  /// @throws Failure if a pattern cannot be evaluated
  explicit Filter(Where where);

  [[nodiscard]] const Where& where() const noexcept { return where_; }
  /// True if a record with this metadata, which includes its document, matches the filter.
  [[nodiscard]] bool matches(const Metadata& metadata) const;

 private:
  [[nodiscard]] bool matches(const Where& where, const Metadata& metadata) const;
  [[nodiscard]] bool matches_document(const DocumentExpression& expression, const Metadata& metadata) const;
  void compile(const Where& where);

  Where where_;
  std::map<std::string, Pattern, std::less<>> patterns_;
};

}  // namespace chroma::testing

#include "core/ascii.hpp"

#include <chroma/error.hpp>
#include <chroma/include_list.hpp>

#include <ostream>

namespace chroma {
namespace {

Include parse_one(std::string_view name) {
  if (const auto include = find_include(name)) return *include;
  if (name == "data") return Include::Metadata;
  throw ChromaHttpClientError(ValidationError{"Invalid include value: " + std::string(name), "include"});
}

}  // namespace

const char* to_string(Include include) noexcept {
  switch (include) {
    case Include::Distance:
      return "distances";
    case Include::Document:
      return "documents";
    case Include::Embedding:
      return "embeddings";
    case Include::Metadata:
      return "metadatas";
    case Include::Uri:
      return "uris";
  }
  return "unknown";
}

std::optional<Include> find_include(std::string_view name) noexcept {
  for (const Include include :
       {Include::Distance, Include::Document, Include::Embedding, Include::Metadata, Include::Uri}) {
    if (name == to_string(include)) return include;
  }
  return std::nullopt;
}

std::ostream& operator<<(std::ostream& out, Include include) {
  return out << to_string(include);
}

IncludeList IncludeList::empty() {
  return IncludeList();
}

IncludeList IncludeList::all() {
  return IncludeList(
      {Include::Document, Include::Metadata, Include::Distance, Include::Embedding, Include::Uri});
}

IncludeList IncludeList::default_get() {
  return IncludeList({Include::Document, Include::Metadata});
}

IncludeList IncludeList::default_query() {
  return IncludeList({Include::Document, Include::Metadata, Include::Distance});
}

IncludeList IncludeList::parse(std::span<const std::string> names) {
  IncludeList list;
  for (const std::string& name : names) list.items_.push_back(parse_one(name));
  return list;
}

IncludeList IncludeList::parse(std::initializer_list<std::string_view> names) {
  IncludeList list;
  for (const std::string_view name : names) list.items_.push_back(parse_one(name));
  return list;
}

IncludeList IncludeList::parse(std::string_view text) {
  IncludeList list;
  if (core::trimmed(text).empty()) return list;
  for (;;) {
    const std::size_t comma = text.find(',');
    list.items_.push_back(parse_one(core::trimmed(text.substr(0, comma))));
    if (comma == std::string_view::npos) return list;
    text.remove_prefix(comma + 1);
  }
}

IncludeList IncludeList::without_duplicates() const {
  IncludeList list;
  for (const Include include : items_) {
    if (!list.contains(include)) list.items_.push_back(include);
  }
  return list;
}

std::ostream& operator<<(std::ostream& out, const IncludeList& list) {
  out << '[';
  for (std::size_t i = 0; i < list.items_.size(); ++i) {
    out << (i ? "," : "") << '"' << list.items_[i] << '"';
  }
  return out << ']';
}

}  // namespace chroma

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

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
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
  if (trimmed(text).empty()) return list;
  for (;;) {
    const std::size_t comma = text.find(',');
    list.items_.push_back(parse_one(trimmed(text.substr(0, comma))));
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

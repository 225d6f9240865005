#include "codec/include_list.hpp"

#include "codec/instantiate.hpp"

namespace chroma {

void read(json::Reader& in, Include& column) {
  in.skip_space();
  const char* begin = in.cursor();
  const auto name = in.string();
  const auto found = find_include(name);
  if (!found) in.fail_at(begin, "Invalid include value: " + name);
  column = *found;
}
void write(json::Writer& out, Include column) {
  out.string(to_string(column));
}

void read(json::Reader& in, IncludeList& list) {
  std::vector<Include> columns;
  read(in, columns);
  list = IncludeList(std::move(columns));
}
void write(json::Writer& out, const IncludeList& list) {
  write_array(out, list.without_duplicates(), [&](Include column) { write(out, column); });
}

CHROMA_CODEC(Include);
CHROMA_CODEC(IncludeList);

}  // namespace chroma

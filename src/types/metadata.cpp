#include "types/display.hpp"

#include <chroma/error.hpp>
#include <chroma/metadata.hpp>

#include <ostream>

namespace chroma {
namespace {

struct Display {
  std::ostream& out;

  void operator()(bool value) const { out << (value ? "true" : "false"); }
  void operator()(std::int64_t value) const { out << value; }
  void operator()(double value) const { detail::display(out, value); }
  void operator()(const std::string& value) const { out << '"' << value << '"'; }
  void operator()(const SparseVector& value) const { length("SparseVector", value.size()); }
  void operator()(const std::vector<bool>& values) const { length("BoolArray", values.size()); }
  void operator()(const std::vector<std::int64_t>& values) const { length("IntArray", values.size()); }
  void operator()(const std::vector<double>& values) const { length("FloatArray", values.size()); }
  void operator()(const std::vector<std::string>& values) const { length("StringArray", values.size()); }

 private:
  void length(const char* name, std::size_t size) const { out << name << "(len=" << size << ')'; }
};

template <class Map>
std::ostream& print_map(std::ostream& out, const Map& map) {
  out << '{';
  bool first = true;
  for (const auto& [key, value] : map) {
    if (!first) out << ", ";
    first = false;
    out << key << ": " << value;
  }
  return out << '}';
}

}  // namespace

void detail::throw_beyond_int64(std::uint64_t value) {
  throw ChromaHttpClientError(ValidationError{
      std::to_string(value) + " is beyond 9223372036854775807, the largest integer of metadata", {}});
}

std::ostream& operator<<(std::ostream& out, const MetadataValue& value) {
  std::visit(Display{out}, value.variant());
  return out;
}

std::ostream& operator<<(std::ostream& out, const UpdateMetadataValue& value) {
  return value.value() ? out << *value.value() : out << "null";
}

std::ostream& operator<<(std::ostream& out, const Metadata& metadata) {
  return print_map(out, metadata);
}

std::ostream& operator<<(std::ostream& out, const UpdateMetadata& metadata) {
  return print_map(out, metadata);
}

}  // namespace chroma

#include "types/display.hpp"

#include <chroma/error.hpp>
#include <chroma/metadata.hpp>

#include <ostream>

namespace chroma {

MetadataValue::MetadataValue() = default;
MetadataValue::MetadataValue(const MetadataValue& other) = default;
MetadataValue::MetadataValue(MetadataValue&& other) noexcept = default;
MetadataValue& MetadataValue::operator=(const MetadataValue& other) = default;
MetadataValue& MetadataValue::operator=(MetadataValue&& other) noexcept = default;
MetadataValue::~MetadataValue() = default;

MetadataValue::MetadataValue(Exactly<bool> scalar) : value_(scalar.value) {}
MetadataValue::MetadataValue(Exactly<std::int64_t> scalar) : value_(scalar.value) {}
MetadataValue::MetadataValue(Exactly<double> scalar) : value_(scalar.value) {}
MetadataValue::MetadataValue(std::string value) : value_(std::move(value)) {}
MetadataValue::MetadataValue(std::string_view value) : value_(std::string(value)) {}
MetadataValue::MetadataValue(const char* value) : value_(std::string(value)) {}
MetadataValue::MetadataValue(SparseVector value) : value_(std::move(value)) {}
MetadataValue::MetadataValue(std::vector<bool> values) : value_(std::move(values)) {}
MetadataValue::MetadataValue(std::vector<std::int64_t> values) : value_(std::move(values)) {}
MetadataValue::MetadataValue(std::vector<double> values) : value_(std::move(values)) {}
MetadataValue::MetadataValue(const std::vector<float>& values)
    : value_(std::vector<double>(values.begin(), values.end())) {}
MetadataValue::MetadataValue(std::vector<std::string> values) : value_(std::move(values)) {}

UpdateMetadataValue::UpdateMetadataValue() : value_(MetadataValue()) {}
UpdateMetadataValue::UpdateMetadataValue(const UpdateMetadataValue& other) = default;
UpdateMetadataValue::UpdateMetadataValue(UpdateMetadataValue&& other) noexcept = default;
UpdateMetadataValue& UpdateMetadataValue::operator=(const UpdateMetadataValue& other) = default;
UpdateMetadataValue& UpdateMetadataValue::operator=(UpdateMetadataValue&& other) noexcept = default;
UpdateMetadataValue::~UpdateMetadataValue() = default;

UpdateMetadataValue::UpdateMetadataValue(std::nullptr_t) noexcept {}
UpdateMetadataValue::UpdateMetadataValue(MetadataValue value) : value_(std::move(value)) {}
namespace {

struct Display {
  std::ostream& out;

  void operator()(bool value) const { out << (value ? "true" : "false"); }
  void operator()(std::int64_t value) const { out << value; }
  void operator()(double value) const { detail::display(out, value); }
  void operator()(const std::string& value) const { detail::display(out, std::string_view(value)); }
  void operator()(const SparseVector& value) const { out << value; }
  template <class T>
  void operator()(const std::vector<T>& values) const {
    constexpr std::size_t shown = 10;
    out << '[';
    detail::display_first(out, values, shown, *this);
    out << ']';
    if (values.size() > shown) out << " (" << values.size() << " values)";
  }
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

#include "types/metadata_json.hpp"

#include "json/read_object.hpp"

#include <utility>

namespace chroma {
namespace {

constexpr const char* no_variant = "data did not match any variant of untagged enum MetadataValue";

MetadataValue read_number(json::Reader& in) {
  if (const auto integer = in.take_int64()) return MetadataValue(*integer);
  return MetadataValue(in.float64());
}

/// Integers up to the first float, which makes floats of all.
MetadataValue read_numbers(json::Reader& in) {
  std::vector<std::int64_t> integers;
  std::vector<double> floats;
  bool is_float = false;
  do {
    if (in.peek() != json::Reader::Kind::number) in.fail(no_variant);
    const auto integer = in.take_int64();
    if (!integer && !is_float) {
      is_float = true;
      floats.assign(integers.begin(), integers.end());
    }
    if (!is_float) {
      integers.push_back(*integer);
    } else {
      floats.push_back(integer ? static_cast<double>(*integer) : in.float64());
    }
  } while (in.next_element());
  if (is_float) return MetadataValue(std::move(floats));
  return MetadataValue(std::move(integers));
}

template <class T, class ReadOne>
MetadataValue read_all(json::Reader& in, json::Reader::Kind kind, ReadOne read_one) {
  std::vector<T> values;
  do {
    if (in.peek() != kind) in.fail(no_variant);
    values.push_back(read_one());
  } while (in.next_element());
  return MetadataValue(std::move(values));
}

MetadataValue read_array(json::Reader& in) {
  in.begin_array();
  if (!in.next_element()) return MetadataValue(std::vector<bool>());
  switch (in.peek()) {
    case json::Reader::Kind::boolean:
      return read_all<bool>(in, json::Reader::Kind::boolean, [&] { return in.boolean(); });
    case json::Reader::Kind::string:
      return read_all<std::string>(in, json::Reader::Kind::string, [&] { return in.string(); });
    case json::Reader::Kind::number:
      return read_numbers(in);
    default:
      in.fail(no_variant);
  }
}

MetadataValue read_value(json::Reader& in) {
  switch (in.peek()) {
    case json::Reader::Kind::boolean:
      return MetadataValue(in.boolean());
    case json::Reader::Kind::number:
      return read_number(in);
    case json::Reader::Kind::string:
      return MetadataValue(in.string());
    case json::Reader::Kind::array:
      return read_array(in);
    case json::Reader::Kind::object: {
      SparseVector vector;
      read(in, vector);
      return MetadataValue(std::move(vector));
    }
    case json::Reader::Kind::null:
      break;
  }
  in.fail(no_variant);
}

template <class Map>
void read_map(json::Reader& in, Map& map) {
  map.clear();
  in.begin_object();
  std::string_view key;
  while (in.next_key(key)) {
    auto& value = map[std::string(key)];
    read(in, value);
  }
}

template <class Map>
void write_map(json::Writer& out, const Map& map) {
  out.raw('{');
  bool first = true;
  for (const auto& [key, value] : map) {
    if (!std::exchange(first, false)) out.raw(',');
    out.string(key);
    out.raw(':');
    write(out, value);
  }
  out.raw('}');
}

}  // namespace

void read(json::Reader& in, SparseVector& vector) {
  std::optional<std::vector<std::uint32_t>> indices;
  std::optional<std::vector<float>> values;
  std::optional<std::vector<std::string>> tokens;
  read_object(in, [&](std::string_view key) {
    if (key == "indices") {
      read(in, indices.emplace());
    } else if (key == "values") {
      read(in, values.emplace());
    } else if (key == "tokens") {
      read(in, tokens);
    } else if (key == "#type") {
      const auto type = in.string();
      if (type != "sparse_vector") in.fail("Expected #type='sparse_vector', got '" + type + "'");
    } else {
      return false;
    }
    return true;
  });
  require_member(in, indices.has_value(), "indices");
  require_member(in, values.has_value(), "values");
  vector = SparseVector::unchecked(std::move(*indices), std::move(*values), std::move(tokens));
}

void write(json::Writer& out, const SparseVector& vector) {
  out.raw(R"({"#type":"sparse_vector","indices":)");
  write(out, vector.indices());
  out.raw(R"(,"values":)");
  write(out, vector.values());
  out.raw(R"(,"tokens":)");
  write(out, vector.tokens());
  out.raw('}');
}

void read(json::Reader& in, MetadataValue& value) {
  value = read_value(in);
}

void write(json::Writer& out, const MetadataValue& value) {
  std::visit(
      [&](const auto& one) {
        using T = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<T, std::vector<bool>>) {
          write_array(out, one, [&](bool flag) { out.boolean(flag); });
        } else {
          write(out, one);
        }
      },
      value.variant());
}

void read(json::Reader& in, UpdateMetadataValue& value) {
  if (in.take_null()) {
    value = nullptr;
  } else {
    value = read_value(in);
  }
}

void write(json::Writer& out, const UpdateMetadataValue& value) {
  if (value.value()) {
    write(out, *value.value());
  } else {
    out.null();
  }
}

void read(json::Reader& in, Metadata& metadata) {
  read_map(in, metadata);
}
void write(json::Writer& out, const Metadata& metadata) {
  write_map(out, metadata);
}
void read(json::Reader& in, UpdateMetadata& metadata) {
  read_map(in, metadata);
}
void write(json::Writer& out, const UpdateMetadata& metadata) {
  write_map(out, metadata);
}

}  // namespace chroma

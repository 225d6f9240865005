#include "types/metadata_json.hpp"

#include "json/fields.hpp"

#include <utility>

namespace chroma {
namespace {

/// The member that marks an object as a sparse vector. It may be absent when a vector is read.
struct SparseVectorType {};

void read(json::Reader& in, const SparseVectorType&) {
  const auto type = in.string();
  if (type != "sparse_vector") in.fail("Expected #type='sparse_vector', got '" + type + "'");
}
void write(json::Writer& out, const SparseVectorType&) {
  out.string("sparse_vector");
}

}  // namespace

template <>
struct detail::Description<SparseVector> {
  static void fields(auto& vector, auto visit) {
    visit("#type", SparseVectorType());
    visit(json::required("indices"), vector.indices_);
    visit(json::required("values"), vector.values_);
    visit("tokens", vector.tokens_);
  }
};

namespace {

[[noreturn]] void fail_element(const json::Reader& in) {
  in.fail("the elements of a metadata array are all bools, all numbers or all strings; this one differs");
}

MetadataValue read_number(json::Reader& in) {
  if (const auto integer = in.take_int64()) return MetadataValue(*integer);
  return MetadataValue(in.float64());
}

/// Reads an array of integers, or an array of floats if any of the numbers is a float.
MetadataValue read_numbers(json::Reader& in) {
  std::vector<std::int64_t> integers;
  std::vector<double> floats;
  bool is_float = false;
  do {
    if (in.peek() != json::Reader::Kind::number) fail_element(in);
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
    if (in.peek() != kind) fail_element(in);
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
      fail_element(in);
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
  in.fail("null is not a metadata value");
}

}  // namespace

void read(json::Reader& in, SparseVector& vector) {
  json::read<SparseVector>(in, vector);
}
void write(json::Writer& out, const SparseVector& vector) {
  json::write<SparseVector>(out, vector);
}

void read(json::Reader& in, MetadataValue& value) {
  value = read_value(in);
}

void write(json::Writer& out, const MetadataValue& value) {
  std::visit([&](const auto& one) { write(out, one); }, value.variant());
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

}  // namespace chroma

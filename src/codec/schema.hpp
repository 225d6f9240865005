#pragma once

#include "codec/codec.hpp"

#include <chroma/schema.hpp>

#include <concepts>
#include <map>
#include <string>

/// Schemas and what they are made of. Keys that are not known are kept and written back.
namespace chroma::codec {

void read(JsonReader& in, Schema& schema);
void write(JsonWriter& out, const Schema& schema);
/// The indexes of each key.
void write(JsonWriter& out, const std::map<std::string, ValueTypes>& keys);
/// The kinds of values, each with its indexes; a server may write "$" in front of an index's name.
template <class T>
concept ValueType = std::same_as<T, StringValueType> || std::same_as<T, FloatListValueType> ||
    std::same_as<T, SparseVectorValueType> || std::same_as<T, IntValueType> ||
    std::same_as<T, FloatValueType> || std::same_as<T, BoolValueType>;

template <class Config>
void read(JsonReader& in, Index<Config>& index);
template <class Config>
void write(JsonWriter& out, const Index<Config>& index);
template <ValueType T>
void read(JsonReader& in, T& type);
template <ValueType T>
void write(JsonWriter& out, const T& type);
/// A server may write "#" in front of a kind's name.
void read(JsonReader& in, ValueTypes& types);
void write(JsonWriter& out, const ValueTypes& types);
void read(JsonReader& in, Cmek& cmek);
void write(JsonWriter& out, const Cmek& cmek);

}  // namespace chroma::codec

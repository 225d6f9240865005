#pragma once

#include "codec/codec.hpp"

#include <chroma/schema.hpp>

#include <concepts>
#include <map>
#include <string>

/// Schemas and what they are made of. Keys that are not known are kept and written back.
namespace chroma {

void read(json::Reader& in, Schema& schema);
void write(json::Writer& out, const Schema& schema);
/// The indexes of each key.
void write(json::Writer& out, const std::map<std::string, ValueTypes>& keys);
/// The kinds of values, each with its indexes; a server may write "$" in front of an index's name.
template <class T>
concept ValueType = std::same_as<T, StringValueType> || std::same_as<T, FloatListValueType> ||
    std::same_as<T, SparseVectorValueType> || std::same_as<T, IntValueType> ||
    std::same_as<T, FloatValueType> || std::same_as<T, BoolValueType>;

template <class Config>
void read(json::Reader& in, Index<Config>& index);
template <class Config>
void write(json::Writer& out, const Index<Config>& index);
template <ValueType T>
void read(json::Reader& in, T& type);
template <ValueType T>
void write(json::Writer& out, const T& type);
/// A server may write "#" in front of a kind's name.
void read(json::Reader& in, ValueTypes& types);
void write(json::Writer& out, const ValueTypes& types);
void read(json::Reader& in, Cmek& cmek);
void write(json::Writer& out, const Cmek& cmek);

}  // namespace chroma

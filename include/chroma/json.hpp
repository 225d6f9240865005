#pragma once

/// @file
/// Conversions of the library's values to and from `nlohmann::json`. Opt-in: `chroma.hpp` does not include
/// this header, and only those who include it need nlohmann's library.
///
///     nlohmann::json json = chroma::SearchPayload().limit(10);
///     auto schema = json.at("schema").get<chroma::Schema>();
///
/// A value's JSON is its form on the wire: what a request would send, what an answer would hold. Integers and
/// floats stay apart, and an f32 comes back bit for bit; NaN and the infinities become null. Nothing is
/// validated on the way, except that JSON of another form is refused: converting from it throws
/// `ChromaHttpClientError` of kind `SerdeError` with the place, or `InvalidWhere` for a filter. JSON of more
/// than 128 levels is refused as `SerdeError` whatever it is converted to.

#include <chroma/collection_model.hpp>
#include <chroma/configuration.hpp>
#include <chroma/error.hpp>
#include <chroma/export.hpp>
#include <chroma/key.hpp>
#include <chroma/metadata.hpp>
#include <chroma/requests.hpp>
#include <chroma/responses.hpp>
#include <chroma/schema.hpp>
#include <chroma/search.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace chroma::detail {

template <class T, class... Choices>
concept OneOf = (std::same_as<T, Choices> || ...);

template <class T>
concept RecordJson = OneOf<T, MetadataValue, UpdateMetadataValue, Metadata, UpdateMetadata, SparseVector,
                           Where, Key, Include, IncludeList, Embeddings, AddRequest, UpsertRequest,
                           UpdateRequest, GetRequest, QueryRequest, DeleteRequest>;

template <class T>
concept ResponseJson = OneOf<T, GetResponse, QueryResponse, SearchResponse, DeleteResponse,
                             IndexStatusResponse, HeartbeatResponse, GetUserIdentityResponse, Database,
                             Tenant, PreFlightChecks, HealthcheckResponse, Collection>;

template <class T>
concept SearchJson =
    OneOf<T, QueryVector, Knn, RankExpr, Aggregate, GroupBy, SearchPayload, SearchRequest, ReadLevel>;

template <class T>
concept SchemaJson =
    OneOf<T, Space, EmbeddingFunctionConfiguration, VectorIndexConfig, HnswIndexConfig, SpannIndexConfig,
          SparseVectorIndexConfig, FtsIndexConfig, StringInvertedIndexConfig, IntInvertedIndexConfig,
          FloatInvertedIndexConfig, BoolInvertedIndexConfig, Index<VectorIndexConfig>,
          Index<SparseVectorIndexConfig>, Index<FtsIndexConfig>, Index<StringInvertedIndexConfig>,
          Index<IntInvertedIndexConfig>, Index<FloatInvertedIndexConfig>, Index<BoolInvertedIndexConfig>,
          StringValueType, FloatListValueType, SparseVectorValueType, IntValueType, FloatValueType,
          BoolValueType, ValueTypes, Cmek, Schema, HnswConfiguration, SpannConfiguration,
          CollectionConfiguration, UpdateHnswConfiguration, UpdateSpannConfiguration,
          UpdateCollectionConfiguration>;

/// The values that this header converts.
template <class T>
concept JsonValue = RecordJson<T> || ResponseJson<T> || SearchJson<T> || SchemaJson<T>;

/// The value's wire form as text, by the library's own codec.
template <class T>
[[nodiscard]] std::string to_json_text(const T& value);
/// @throws ChromaHttpClientError
template <class T>
[[nodiscard]] T from_json_text(std::string_view text);

/// As deep as the library reads. What is deeper must not be printed either, which recurses.
inline constexpr int max_json_depth = 128;

template <class BasicJson>
[[nodiscard]] bool is_within(const BasicJson& json, int levels) {
  if (!json.is_structured()) return true;
  if (levels == 0) return false;
  for (const auto& item : json) {
    if (!is_within(item, levels - 1)) return false;
  }
  return true;
}

[[noreturn]] inline void throw_serde(const nlohmann::json::exception& fault) {
  throw ChromaHttpClientError(SerdeError{fault.what(), {}});
}

}  // namespace chroma::detail

namespace nlohmann {

/// Converts `T`; also types that have no default constructor, and maps of the library's values.
template <chroma::detail::JsonValue T>
struct adl_serializer<T, void> {
  template <class BasicJson>
  static void to_json(BasicJson& out, const T& value) {
    try {
      out = BasicJson::parse(chroma::detail::to_json_text(value));
    } catch (const nlohmann::json::exception& fault) {
      chroma::detail::throw_serde(fault);
    }
  }
  template <class BasicJson>
  static T from_json(const BasicJson& in) {
    using namespace chroma::detail;
    if (!is_within(in, max_json_depth)) {
      throw chroma::ChromaHttpClientError(
          chroma::SerdeError{"nested deeper than " + std::to_string(max_json_depth) + " levels", {}});
    }
    try {
      return from_json_text<T>(in.dump());
    } catch (const nlohmann::json::exception& fault) {
      chroma::detail::throw_serde(fault);
    }
  }
  template <class BasicJson>
  static void from_json(const BasicJson& in, T& value) {
    value = from_json(in);
  }
};

}  // namespace nlohmann

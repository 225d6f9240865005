#pragma once

/// @file
/// Conversions of the library's values to and from `nlohmann::json`. `chroma.hpp` does not include this
/// header, so that only programs that use it need the library nlohmann/json.
///
///     nlohmann::json json = chroma::SearchPayload().limit(10);
///     auto schema = json.at("schema").get<chroma::Schema>();
///
/// The JSON of a value is the form in which requests and responses carry it. Integers and floats remain
/// different types, and 32-bit floats are restored exactly; NaN and infinities become null. The conversions
/// do not validate values. Conversion from JSON of another form throws `ChromaHttpClientError`: of kind
/// `SerdeError` with a JSON pointer to the value, or `InvalidWhere` for a filter. JSON that is nested deeper
/// than 128 levels is a `SerdeError` for every type.

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

#include <cfenv>
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

/// The value as JSON text, as requests and responses carry it.
template <class T>
[[nodiscard]] std::string to_json_text(const T& value);
/// The value that the JSON text describes. @throws ChromaHttpClientError
template <class T>
[[nodiscard]] T from_json_text(std::string_view text);

/// The deepest nesting that the library reads. Deeper values must not be printed by nlohmann's `dump` either,
/// because it recurses.
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

/// Sets the rounding mode to nearest during a conversion, because nlohmann/json rounds by the thread's mode.
class RoundingToNearest {
 public:
  RoundingToNearest() noexcept { std::fesetround(FE_TONEAREST); }
  ~RoundingToNearest() { std::fesetround(mode_); }
  RoundingToNearest(const RoundingToNearest&) = delete;
  RoundingToNearest& operator=(const RoundingToNearest&) = delete;

 private:
  int mode_ = std::fegetround();
};

[[noreturn]] inline void throw_serde(const nlohmann::json::exception& fault) {
  throw ChromaHttpClientError(SerdeError{fault.what(), {}});
}

}  // namespace chroma::detail

namespace nlohmann {

/// Converts `T`, including types without a default constructor and maps of the library's values.
template <chroma::detail::JsonValue T>
struct adl_serializer<T, void> {
  template <class BasicJson>
  static void to_json(BasicJson& out, const T& value) {
    const chroma::detail::RoundingToNearest rounding;
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

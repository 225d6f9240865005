#include "json/any_json.hpp"
#include "json/values.hpp"

#include <chroma/configuration.hpp>
#include <chroma/index_config.hpp>
#include <chroma/read_level.hpp>

#include <ostream>
#include <utility>

namespace chroma {

const char* to_string(ReadLevel level) noexcept {
  switch (level) {
    case ReadLevel::IndexAndWal:
      return "index_and_wal";
    case ReadLevel::IndexOnly:
      return "index_only";
    case ReadLevel::IndexAndBoundedWal:
      return "index_and_bounded_wal";
  }
  return "index_and_wal";
}

std::ostream& operator<<(std::ostream& out, ReadLevel level) {
  return out << to_string(level);
}

const char* to_string(Space space) noexcept {
  switch (space) {
    case Space::L2:
      return "l2";
    case Space::Cosine:
      return "cosine";
    case Space::Ip:
      return "ip";
  }
  return "l2";
}

std::ostream& operator<<(std::ostream& out, Space space) {
  return out << to_string(space);
}

EmbeddingFunctionConfiguration EmbeddingFunctionConfiguration::legacy() {
  EmbeddingFunctionConfiguration result;
  result.type_ = Type::Legacy;
  return result;
}

EmbeddingFunctionConfiguration EmbeddingFunctionConfiguration::unknown() {
  return {};
}

EmbeddingFunctionConfiguration EmbeddingFunctionConfiguration::known(std::string name,
                                                                     std::string config_json) {
  static_cast<void>(json::decode<json::AnyJson>(config_json));
  EmbeddingFunctionConfiguration result;
  result.type_ = Type::Known;
  result.name_ = std::move(name);
  result.config_ = std::move(config_json);
  return result;
}

EmbeddingFunctionConfiguration EmbeddingFunctionConfiguration::other(UnknownKeys keys) {
  EmbeddingFunctionConfiguration result;
  result.type_ = Type::Other;
  result.unknown_ = std::move(keys);
  return result;
}

std::ostream& operator<<(std::ostream& out, const EmbeddingFunctionConfiguration& function) {
  using Type = EmbeddingFunctionConfiguration::Type;
  switch (function.type()) {
    case Type::Legacy:
      return out << "legacy";
    case Type::Unknown:
      return out << "unknown";
    case Type::Known:
      return out << function.name();
    case Type::Other:
      break;
  }
  const auto type = function.unknown_keys().find("type");
  return type == function.unknown_keys().end() ? out << "other" : out << type->second;
}

// The values are the crate's: wire-level defaults of servers before schemas.
CollectionConfiguration CollectionConfiguration::default_hnsw() {
  CollectionConfiguration result;
  auto& hnsw = result.hnsw.emplace();
  hnsw.space = Space::L2;
  hnsw.ef_construction = 100;
  hnsw.ef_search = 100;
  hnsw.max_neighbors = 16;
  hnsw.resize_factor = 1.2;
  hnsw.sync_threshold = 1000;
  hnsw.batch_size = 100;
  return result;
}

}  // namespace chroma

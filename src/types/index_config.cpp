#include "json/any_json.hpp"
#include "json/values.hpp"

#include <chroma/index_config.hpp>

#include <ostream>
#include <utility>

namespace chroma {

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

}  // namespace chroma

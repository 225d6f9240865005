#include "embed/ollama/configuration.hpp"

#include "embed/http/settings.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chroma {
namespace embed::ollama {

struct Settings {
  std::optional<std::string> url;
  std::optional<std::string> model_name;
  std::optional<double> timeout;  ///< In seconds.
};

/// Python reads whole seconds only.
struct WrittenSettings {
  std::string url;
  std::string model_name;
  std::int64_t timeout;
};

}  // namespace embed::ollama

namespace detail {

template <>
struct Description<embed::ollama::Settings> {
  static void fields(auto& settings, auto visit) {
    visit("url", settings.url);
    visit("model_name", settings.model_name);
    visit("timeout", settings.timeout);
  }
};
template <>
struct Description<embed::ollama::WrittenSettings> : Description<embed::ollama::Settings> {};

}  // namespace detail

namespace embed::ollama {
namespace {

constexpr std::int64_t longest_timeout = 86'400;  // A day; also written if there is no limit.

std::int64_t whole_seconds(std::chrono::milliseconds timeout) {
  if (timeout.count() == 0) return longest_timeout;
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(timeout).count());
}

std::chrono::milliseconds timeout_of(double seconds) {
  const double most = static_cast<double>(longest_timeout);
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.001, most) * 1000));
}

}  // namespace

EmbeddingFunctionConfiguration write_configuration(const OllamaOptions& options) {
  const WrittenSettings settings{without_user_info(options.host), options.model,
                                 whole_seconds(options.request_timeout)};
  return write_settings("ollama", settings);
}

OllamaOptions read_configuration(const EmbeddingFunctionConfiguration& configuration) {
  const auto settings = read_settings<Settings>(configuration);
  OllamaOptions options;
  options.host = settings.url.value_or(options.host);
  options.model = settings.model_name.value_or("chroma/all-minilm-l6-v2-f32");
  if (settings.timeout) options.request_timeout = timeout_of(*settings.timeout);
  // Older versions of the Python client recorded the URL of a route.
  constexpr std::string_view old_route = "/api/embeddings";
  if (options.host.ends_with(old_route)) options.host.resize(options.host.size() - old_route.size());
  return options;
}

}  // namespace embed::ollama
}  // namespace chroma

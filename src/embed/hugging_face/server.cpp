#include "embed/hugging_face/server.hpp"

#include "embed/http/api_key.hpp"
#include "embed/hugging_face/wire.hpp"

#include <chroma/error.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace chroma::embed::hugging_face {
namespace {

// The server accepts request bodies of up to 2 MB. Characters that JSON escapes are longer there than in the
// text.
constexpr std::size_t most_bytes = 1'500'000;

/// Where the path of a URL begins: the end of the URL if it has none.
std::size_t path_begin(std::string_view url) {
  const auto scheme = url.find("://");
  return std::min(url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3), url.size());
}

ServiceAddress address_of(const HuggingFaceServerOptions& options) {
  ServiceAddress address;
  address.operation = "hugging_face_server_embed";
  address.endpoint = options.url.substr(0, path_begin(options.url));
  address.secret = find_api_key(options.api_key, options.api_key_env_var);
  if (!address.secret.empty()) address.headers.emplace_back("authorization", "Bearer " + address.secret);
  return address;
}

HuggingFaceServerOptions complete(HuggingFaceServerOptions options, const char* path) {
  if (options.dimensions && *options.dimensions == 0) {
    throw ChromaHttpClientOptionsError(ChromaHttpClientOptionsError::Kind::MissingConfiguration,
                                       "Invalid option: dimensions must be at least 1");
  }
  options.url = with_path(std::move(options.url), path);
  return options;
}

}  // namespace

std::string with_path(std::string url, const char* path) {
  if (path_begin(url) == url.size()) url += path;
  return url;
}

Server::Server(asio::any_io_executor executor, HuggingFaceServerOptions options, const char* path)
    : options_(complete(std::move(options), path)),
      path_(options_.url.substr(path_begin(options_.url))),
      info_path_(path_.substr(0, path_.rfind('/')) + "/info"),
      service_(std::make_shared<const Service>(std::move(executor), options_, address_of(options_))),
      limits_(std::make_shared<RequestLimits>(
          options_.max_texts > 0 ? options_.max_texts : Info().max_client_batch_size, most_bytes)),
      permits_(std::make_shared<Permits>(Info().max_concurrent_requests)) {}

const std::string& Server::prompt_of(Purpose purpose) const {
  return purpose == Purpose::queries && !options_.query_prompt_name.empty() ? options_.query_prompt_name
                                                                            : options_.prompt_name;
}

asio::awaitable<void> Server::learn_limits(std::shared_ptr<Server> self,
                                           transport::Clock::time_point deadline) {
  if (self->was_asked_) co_return;
  bool is_known = true;
  try {
    const auto response = co_await self->service_->get(self->info_path_, deadline);
    const auto info = self->service_->decode(response, read_info);
    self->permits_->set_total(info.max_concurrent_requests);
    if (self->options_.max_texts == 0) self->limits_->texts.set(info.max_client_batch_size);
    self->limits_->texts.lower_to(info.max_concurrent_requests);
  } catch (const ChromaHttpClientError& error) {
    const auto* failed = error.get_if<RequestError>();
    if (failed != nullptr && failed->stage == Stage::cancelled) throw;
    is_known = failed == nullptr || failed->stage == Stage::timeout;
  }
  // If the request failed, the next call sends it again. If there was no response in time, the next call does
  // not wait once more.
  if (is_known) self->was_asked_ = true;
}

}  // namespace chroma::embed::hugging_face

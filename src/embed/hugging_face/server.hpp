#pragma once

#include "embed/http/parts.hpp"
#include "embed/http/service.hpp"
#include "embed/hugging_face/permits.hpp"

#include <chroma/embed/hugging_face_server.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace chroma::embed::hugging_face {

/// The URL with `path` if it has none.
[[nodiscard]] std::string with_path(std::string url, const char* path);

/// A TEI server: its address, and its limits, which are the defaults until the server has been asked.
/// Thread-safe.
class Server {
 public:
  /// @param path is appended to a URL without one
  /// @throws ChromaHttpClientOptionsError
  Server(asio::any_io_executor executor, HuggingFaceServerOptions options, const char* path);

  [[nodiscard]] const HuggingFaceServerOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::shared_ptr<const Service>& service() const noexcept { return service_; }
  [[nodiscard]] const std::shared_ptr<RequestLimits>& limits() const noexcept { return limits_; }
  /// One for each text that the server processes at once.
  [[nodiscard]] const std::shared_ptr<Permits>& permits() const noexcept { return permits_; }
  [[nodiscard]] const std::string& prompt_of(Purpose purpose) const;

  /// Requests the limits of the server unless they are known. If there is no response until the deadline, or
  /// it does not contain them, the defaults are kept. Fails only if the call is cancelled.
  [[nodiscard]] static asio::awaitable<void> learn_limits(std::shared_ptr<Server> self,
                                                          transport::Clock::time_point deadline);
  /// Sends a request and returns the response.
  [[nodiscard]] asio::awaitable<transport::HttpResponse> post(core::Buffer body,
                                                              transport::Clock::time_point deadline) const {
    return service_->post(path_, std::move(body), deadline);
  }

 private:
  HuggingFaceServerOptions options_;
  std::string path_;
  std::string info_path_;
  std::shared_ptr<const Service> service_;
  std::shared_ptr<RequestLimits> limits_;
  std::shared_ptr<Permits> permits_;
  std::atomic<bool> was_asked_ = false;
};

}  // namespace chroma::embed::hugging_face

#pragma once

#include "support/mock_server.hpp"

#include <chroma/bulk.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace chroma::test {

/// A collection in memory; `refuse` may respond in its place.
class Store {
 public:
  using Refuse = std::function<std::optional<Reply>(const nlohmann::json& body)>;

  Reply operator()(const Received& request) {
    if (request.target.ends_with("/pre-flight-checks")) {
      return Reply(200, R"({"max_batch_size":5461,"supports_base64_encoding":true})");
    }
    const auto body = nlohmann::json::parse(request.body);
    if (const auto current = refusal()) {
      if (auto reply = current(body)) return *reply;
    }
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < body["ids"].size(); ++i) {
      const auto& documents = body["documents"];
      rows[body["ids"][i]] =
          documents.is_array() && documents[i].is_string() ? documents[i].get<std::string>() : "";
    }
    return Reply(200, "{}");
  }

  void set_refusal(Refuse refuse) {
    const std::lock_guard lock(mutex);
    refuse_ = std::move(refuse);
  }

  std::map<std::string, std::string> stored() {
    const std::lock_guard lock(mutex);
    return rows;
  }

  std::mutex mutex;
  std::map<std::string, std::string> rows;

 private:
  Refuse refusal() {
    const std::lock_guard lock(mutex);
    return refuse_;
  }

  Refuse refuse_;
};

/// Options with short waits.
inline BulkOptions quick() {
  BulkOptions options;
  options.retry.min_delay = std::chrono::milliseconds(1);
  options.retry.max_delay = std::chrono::milliseconds(2);
  options.flush_interval = std::chrono::milliseconds(20);
  return options;
}

}  // namespace chroma::test

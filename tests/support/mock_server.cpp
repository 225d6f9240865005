#include "support/mock_server.hpp"

#include <httplib.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace chroma::test {

std::string Received::header(const std::string& name) const {
  const auto equal = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  for (const auto& [key, value] : headers) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), equal)) return value;
  }
  return {};
}

struct MockServer::Impl {
  explicit Impl(Handler first) : handler(std::move(first)) {
    const auto serve = [this](const httplib::Request& request, httplib::Response& response) {
      Received received{request.method, request.target, request.body, {}};
      for (const auto& [name, value] : request.headers) received.headers.emplace(name, value);
      const auto reply = handle(received);
      response.status = reply.status;
      for (const auto& [name, value] : reply.headers) response.set_header(name, value);
      if (!reply.body.empty()) response.set_content(reply.body, reply.content_type);
    };
    // A dot would not match a line feed, which may stand in a decoded path.
    const char* any = R"([\s\S]*)";
    server.Get(any, serve).Post(any, serve).Put(any, serve).Delete(any, serve).Patch(any, serve);
    // A kept connection holds a thread; fewer threads than connections would wait for each other.
    server.new_task_queue = [] { return new httplib::ThreadPool(80); };
    server.set_keep_alive_max_count(1'000'000);
    server.set_tcp_nodelay(true);
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { server.listen_after_bind(); });
    // 0.11 has no other way to know that stop() will be heard.
    while (!server.is_running()) std::this_thread::yield();
  }
  ~Impl() {
    server.stop();
    thread.join();
  }

  Reply handle(const Received& received) {
    std::unique_lock one_at_a_time(handling, std::defer_lock);
    if (!side_by_side) one_at_a_time.lock();
    Handler current;
    {
      std::lock_guard lock(mutex);
      requests.push_back(received);
      current = handler;
    }
    return current ? current(received) : Reply();
  }

  Handler handler;
  std::atomic<bool> side_by_side = false;
  httplib::Server server;
  int port = 0;
  std::thread thread;
  std::mutex handling;
  std::mutex mutex;  // Never held while a handler runs, which may block.
  std::vector<Received> requests;
};

MockServer::MockServer(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
MockServer::~MockServer() = default;

void MockServer::respond(Handler handler) {
  std::lock_guard lock(impl_->mutex);
  impl_->handler = std::move(handler);
  impl_->side_by_side = false;
}

void MockServer::respond_side_by_side(Handler handler) {
  respond(std::move(handler));
  impl_->side_by_side = true;
}

void MockServer::respond(const Reply& reply) {
  respond([reply](const Received&) { return reply; });
}

std::string MockServer::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port);
}

std::vector<Received> MockServer::received() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}

Received MockServer::only() const {
  auto all = received();
  if (all.size() != 1) throw std::logic_error("expected one request, got " + std::to_string(all.size()));
  return all.front();
}

void MockServer::forget() {
  std::lock_guard lock(impl_->mutex);
  impl_->requests.clear();
}

}  // namespace chroma::test

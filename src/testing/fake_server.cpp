#include "testing/failure.hpp"
#include "testing/fake_chroma.hpp"
#include "testing/fault_plan.hpp"
#include "testing/http_server.hpp"
#include "testing/router.hpp"

#include <chroma/testing.hpp>

#include <mutex>
#include <utility>

namespace chroma::testing {

struct FakeServer::State {
  HttpReply handle(HttpRequest request);

  std::mutex mutex;  // Guards everything but the endpoint.
  FakeChroma chroma;
  FaultPlan faults;
  std::map<std::string, std::size_t> calls;
  std::vector<ReceivedRequest> requests;
  // The last member: its thread uses the others.
  HttpServer server{[this](HttpRequest request) { return handle(std::move(request)); }};
  std::string endpoint = "http://127.0.0.1:" + std::to_string(server.port());
};

HttpReply FakeServer::State::handle(HttpRequest request) {
  const auto route = find_route(request);
  ReceivedRequest received;
  received.operation = route.operation;
  received.method = request.method;
  received.target = request.target;
  received.headers = request.headers;
  received.body = request.body;

  std::lock_guard lock(mutex);
  ++calls[route.operation];
  requests.push_back(received);
  return faults.reply(received, [&] { return run_route(chroma, route, request); });
}

FakeServer::FakeServer() : state_(std::make_unique<State>()) {}
FakeServer::~FakeServer() = default;

const std::string& FakeServer::endpoint() const noexcept {
  return state_->endpoint;
}

ChromaHttpClientOptions FakeServer::options() const {
  ChromaHttpClientOptions options;
  options.endpoint = state_->endpoint;
  options.tenant_id = "default_tenant";
  options.database_name = "default_database";
  options.proxy = "";
  options.retry_options.min_delay = std::chrono::milliseconds(0);
  return options;
}

void FakeServer::inject(Fault fault) {
  std::lock_guard lock(state_->mutex);
  state_->faults.add(std::move(fault));
}

std::size_t FakeServer::calls(std::string_view operation) const {
  std::lock_guard lock(state_->mutex);
  const auto found = state_->calls.find(std::string(operation));
  return found == state_->calls.end() ? 0 : found->second;
}

std::map<std::string, std::size_t> FakeServer::calls() const {
  std::lock_guard lock(state_->mutex);
  return state_->calls;
}

std::vector<ReceivedRequest> FakeServer::requests() const {
  std::lock_guard lock(state_->mutex);
  return state_->requests;
}

void FakeServer::forget_requests() {
  std::lock_guard lock(state_->mutex);
  state_->calls.clear();
  state_->requests.clear();
}

void FakeServer::reset() {
  std::lock_guard lock(state_->mutex);
  state_->chroma = FakeChroma();
  state_->faults.clear();
  state_->calls.clear();
  state_->requests.clear();
}

}  // namespace chroma::testing

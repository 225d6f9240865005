#include "testing/fault_plan.hpp"

#include "testing/failure.hpp"

#include <utility>

namespace chroma::testing {

Fault Fault::respond(int status) {
  Fault fault(Action::Respond);
  fault.status_ = status;
  return fault;
}

Fault Fault::delay(std::chrono::milliseconds time) {
  return Fault(Action::Process).after(time);
}

Fault Fault::drop() {
  return Fault(Action::Drop);
}

Fault Fault::drop_response() {
  return Fault(Action::ProcessAndDrop);
}

Fault& Fault::operation(std::string name) & {
  operation_ = std::move(name);
  return *this;
}

Fault& Fault::path(std::string part) & {
  path_ = std::move(part);
  return *this;
}

Fault& Fault::nth(std::size_t n) & {
  nth_ = n;
  return *this;
}

Fault& Fault::times(std::size_t count) & {
  times_ = count;
  return *this;
}

Fault& Fault::after(std::chrono::milliseconds time) & {
  delay_ = time;
  return *this;
}

Fault& Fault::body(std::string text, std::string content_type) & {
  body_ = std::move(text);
  content_type_ = std::move(content_type);
  return *this;
}

Fault& Fault::header(std::string name, std::string value) & {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Fault& Fault::retry_after(std::chrono::seconds time) & {
  return header("retry-after", std::to_string(time.count()));
}

void FaultPlan::add(Fault fault) {
  if (fault.times_ > 0) pending_.emplace_back(std::move(fault));
}

void FaultPlan::clear() {
  pending_.clear();
}

std::optional<Fault> FaultPlan::take(const ReceivedRequest& request) {
  for (auto it = pending_.begin(); it != pending_.end(); ++it) {
    const auto& fault = it->fault;
    if (!fault.operation_.empty() && fault.operation_ != request.operation) continue;
    if (request.target.find(fault.path_) == std::string::npos) continue;
    if (++it->matched < fault.nth_) continue;
    auto taken = fault;
    if (it->matched + 1 >= fault.nth_ + fault.times_) pending_.erase(it);
    return taken;
  }
  return std::nullopt;
}

HttpReply FaultPlan::response_of(const Fault& fault) {
  auto reply = error_reply(fault.status_, "fault injected by FakeServer");
  if (fault.body_) {
    reply.body = *fault.body_;
    reply.content_type = fault.content_type_;
  }
  reply.headers.insert(reply.headers.end(), fault.headers_.begin(), fault.headers_.end());
  return reply;
}

HttpReply FaultPlan::reply(const ReceivedRequest& request, const std::function<HttpReply()>& process) {
  const auto fault = take(request);
  if (!fault) return process();
  HttpReply reply;
  if (fault->action_ == Fault::Action::Respond) reply = response_of(*fault);
  if (fault->action_ == Fault::Action::Process || fault->action_ == Fault::Action::ProcessAndDrop) {
    reply = process();
  }
  reply.drop =
      reply.drop || fault->action_ == Fault::Action::Drop || fault->action_ == Fault::Action::ProcessAndDrop;
  reply.delay = fault->delay_;
  return reply;
}

}  // namespace chroma::testing

#pragma once

#include "testing/http_server.hpp"

#include <chroma/testing.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chroma::testing {

/// The faults that were injected and have not happened yet.
class FaultPlan {
 public:
  void add(Fault fault);
  void clear();

  /// The reply to a request, by the first fault that it fits and that is due, or by `process` alone.
  [[nodiscard]] HttpReply reply(const ReceivedRequest& request, const std::function<HttpReply()>& process);

 private:
  struct Pending {
    explicit Pending(Fault injected) : fault(std::move(injected)) {}

    Fault fault;
    std::size_t matched = 0;  ///< Requests that the fault was for, so far.
  };

  /// The fault for a request, which is counted.
  [[nodiscard]] std::optional<Fault> take(const ReceivedRequest& request);
  [[nodiscard]] static HttpReply response_of(const Fault& fault);

  std::vector<Pending> pending_;
};

}  // namespace chroma::testing

#pragma once

#include "testing/http_server.hpp"

#include <chroma/testing.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chroma::testing {

/// The faults that were injected and have not occurred yet.
class FaultPlan {
 public:
  void add(Fault fault);
  void clear();

  /// The reply to a request: that of the first fault that matches and is due, or else that of `process`.
  [[nodiscard]] HttpReply reply(const ReceivedRequest& request, const std::function<HttpReply()>& process);

 private:
  struct Pending {
    explicit Pending(Fault injected) : fault(std::move(injected)) {}

    Fault fault;
    std::size_t matched = 0;  ///< Number of requests so far that matched the fault.
  };

  /// Counts the request for the faults that match it, and returns the one that is due.
  [[nodiscard]] std::optional<Fault> take(const ReceivedRequest& request);
  [[nodiscard]] static HttpReply response_of(const Fault& fault);

  std::vector<Pending> pending_;
};

}  // namespace chroma::testing

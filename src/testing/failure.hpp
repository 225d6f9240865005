#pragma once

#include "testing/http_server.hpp"

#include <stdexcept>
#include <string>

namespace chroma::testing {

/// A request that is refused: thrown by whatever finds the fault, and sent as the server's error body.
class Failure : public std::runtime_error {
 public:
  Failure(int status, const std::string& message) : std::runtime_error(message), status_(status) {}

  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  int status_;
};

/// Thrown where the handler of the real server panics, which closes the connection.
class Panic : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An error as the server writes it; its `error` is the name that belongs to the status.
[[nodiscard]] HttpReply error_reply(int status, const std::string& message);
/// An error that the server sends without a body, such as 404 for an unknown path.
[[nodiscard]] HttpReply empty_reply(int status);

}  // namespace chroma::testing

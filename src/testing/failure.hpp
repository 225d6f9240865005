#pragma once

#include "testing/http_server.hpp"

#include <stdexcept>
#include <string>

namespace chroma::testing {

/// Thrown to refuse a request. It is sent as an error body of the server.
class Failure : public std::runtime_error {
 public:
  Failure(int status, const std::string& message) : std::runtime_error(message), status_(status) {}

  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  int status_;
};

/// Thrown where the real server panics and closes the connection.
class Panic : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An error in the form of the server. Its member `error` is the name of the status.
[[nodiscard]] HttpReply error_reply(int status, const std::string& message);
/// An error that the server sends without a body, such as 404 for an unknown path.
[[nodiscard]] HttpReply empty_reply(int status);

}  // namespace chroma::testing

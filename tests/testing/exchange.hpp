#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace chroma::test {

/// A plain HTTP request, without the checks of the client. `{}` in its path is replaced by the id that the
/// server gave to the collection.
struct Exchange {
  std::string method;
  std::string path;
  std::string body;             ///< If it is empty, no body is sent.
  std::string collection = {};  ///< The name of the collection whose id replaces `{}`.
};

struct Received {
  int status = 0;  ///< 0 if the connection was closed without a response.
  std::string text;
  nlohmann::json json;  ///< Discarded if the text is not JSON.
};

/// One of the two servers that are compared.
class Peer {
 public:
  explicit Peer(const std::string& endpoint);
  ~Peer();

  Received send(const Exchange& exchange);
  /// The id of a collection, taken from the response that created it.
  [[nodiscard]] std::string id_of(const std::string& collection) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Replaces the values that may differ: ids of collections and databases, the number of threads, the position
/// in a text that is not JSON.
[[nodiscard]] nlohmann::json normalized(const Received& received);

/// The reason why the responses of both servers differ; empty if they do not. Records at the same distance
/// may be in any order, and different ones of them may be left out at the end.
[[nodiscard]] std::string difference(const Exchange& exchange, const Received& real, const Received& fake);

}  // namespace chroma::test

#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace chroma::test {

/// A request in plain HTTP, whatever the client would say to it. In its path, `{}` stands for the id that a
/// server has given to the collection of that name.
struct Exchange {
  std::string method;
  std::string path;
  std::string body;             ///< Empty: none is sent.
  std::string collection = {};  ///< The name for `{}` in the path.
};

struct Answer {
  int status = 0;  ///< 0 if the connection was closed without a response.
  std::string text;
  nlohmann::json json;  ///< Discarded if the text is no JSON.
};

/// One server of the comparison.
class Peer {
 public:
  explicit Peer(const std::string& endpoint);
  ~Peer();

  Answer send(const Exchange& exchange);
  /// The id of a collection, for paths: found in the responses of creations.
  [[nodiscard]] std::string id_of(const std::string& collection) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What may differ is replaced: ids of collections and databases, the number of threads, the place in a text
/// that is no JSON.
[[nodiscard]] nlohmann::json normalized(const Answer& answer);

/// Why the responses of both servers differ, beyond what may differ; empty if they do not. Records at the
/// same distance of a query may stand in any order, and which of them are the last ones may differ.
[[nodiscard]] std::string difference(const Exchange& exchange, const Answer& real, const Answer& fake);

}  // namespace chroma::test

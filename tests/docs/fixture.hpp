#pragma once

#include "testing/fixture.hpp"

#include <string>
#include <string_view>

namespace chroma::test {

/// A fake server with a client, and a collection "colors" for the code of the pages.
class PageTest : public FakeServerTest {
 protected:
  /// The collection with its three records. The requests that stored them are forgotten.
  ChromaCollection colors() {
    auto collection = run(client.get_or_create_collection("colors"));
    UpsertRequest records({"red", "green", "blue"}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    run(collection.upsert(records.documents({"a tomato", "a leaf", "the sky"})));
    server.forget_requests();
    return collection;
  }
  /// The body of the last request of this operation.
  [[nodiscard]] std::string sent(std::string_view operation) const {
    std::string body;
    for (const auto& request : server.requests()) {
      if (request.operation == operation) body = request.body;
    }
    return body;
  }
};

}  // namespace chroma::test

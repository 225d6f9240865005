// Paths of requests, and the names that are refused in them.
#include "client/path.hpp"

#include <chroma/error.hpp>

#include <gtest/gtest.h>

namespace chroma::test {
namespace {

using detail::Path;

TEST(Path, IsMadeOfFixedPartsAndEncodedNames) {
  Path path("/tenants");
  path.name("tenant_id", "a/b ?#%").fixed("/databases").name("database_name", "d\xC3\xA9j\xC3\xA0...");
  EXPECT_EQ(path.text(), "/tenants/a%2Fb%20%3F%23%25/databases/d%C3%A9j%C3%A0...");
  EXPECT_EQ(Path("/x").name("name", "y").text(), "/x/y");
}

TEST(Path, RefusesNamesThatCannotBeASegment) {
  for (const char* name : {"", ".", "..", "\xFF", "a\xC3"}) {
    try {
      static_cast<void>(Path("/x").name("database_name", name));
      ADD_FAILURE() << "accepted \"" << name << '"';
    } catch (const ChromaHttpClientError& error) {
      const auto* refusal = error.get_if<ValidationError>();
      ASSERT_NE(refusal, nullptr) << error.what();
      EXPECT_EQ(refusal->field, "database_name");
    }
  }
  for (const char* name : {"...", "a.", ".a", "..a", "%2E"}) {
    EXPECT_NO_THROW(static_cast<void>(Path("/x").name("name", name))) << name;
  }
}

}  // namespace
}  // namespace chroma::test

// Compiles and runs the code of docs/filters.md.
#include <chroma/chroma.hpp>

#include <gtest/gtest.h>

#include <iostream>

namespace filters_page {

TEST(Docs, Filters) {
  using chroma::Key;
  auto recent = Key("year") >= 2000 && Key("genre") != "horror";
  auto noir = Key::Document.contains("noir") || Key("tags").contains_value("noir");
  auto chosen = Key("genre").is_in("crime", "drama");
  auto all = recent && (noir || chosen);

  auto request = chroma::GetRequest().where(all).limit(100).include(chroma::Include::Metadata);
  EXPECT_NO_THROW(request.validate());

  auto parsed = chroma::Where::parse(R"({"$and":[{"year":{"$gte":2000}},{"genre":{"$ne":"horror"}}]})");
  EXPECT_EQ(parsed, recent);
  std::cout << parsed << '\n' << parsed.to_json() << '\n';

  try {
    static_cast<void>(chroma::Where::parse(R"({"year":{"$gte":"2000"}})"));
    FAIL();
  } catch (const chroma::ChromaHttpClientError& error) {
    std::cout << error.what() << '\n';
  }
}

}  // namespace filters_page

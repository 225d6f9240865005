#include "refusal.hpp"

#include <chroma/include_list.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace chroma {
namespace {

TEST(IncludeListTest, ParsesNames) {
  const std::vector<std::string> names{"data", "uris"};
  EXPECT_EQ(IncludeList::parse(names), IncludeList({Include::Metadata, Include::Uri}));
  EXPECT_EQ(IncludeList::parse(" documents,embeddings ,\tdistances"),
            IncludeList({Include::Document, Include::Embedding, Include::Distance}));
  EXPECT_EQ(IncludeList::parse(""), IncludeList::empty());
  EXPECT_EQ(IncludeList::parse({"documents", "uris"}), IncludeList({Include::Document, Include::Uri}));
  EXPECT_EQ(IncludeList::parse({std::string("data")}), IncludeList({Include::Metadata}));
  EXPECT_EQ(refusal([] {
              (void)IncludeList::parse({"uris", "foo"});
            }),
            "include: Invalid include value: foo");
}

TEST(IncludeListTest, RefusesUnknownNames) {
  EXPECT_EQ(refusal([] { (void)IncludeList::parse("documents,foo"); }),
            "include: Invalid include value: foo");
  EXPECT_EQ(refusal([] { (void)IncludeList::parse("documents,"); }), "include: Invalid include value: ");
}

TEST(IncludeListTest, DropsRepetitions) {
  const IncludeList list({Include::Uri, Include::Document, Include::Uri});
  EXPECT_EQ(list.without_duplicates(), IncludeList({Include::Uri, Include::Document}));
  EXPECT_EQ(list.size(), 3u);
  EXPECT_TRUE(list.contains(Include::Document));
  EXPECT_FALSE(list.contains(Include::Distance));
}

TEST(IncludeListTest, PrintsAsInABody) {
  std::ostringstream out;
  out << IncludeList::default_get() << IncludeList::empty() << ' ' << Include::Uri;
  EXPECT_EQ(out.str(), R"(["documents","metadatas"][] uris)");
}

}  // namespace
}  // namespace chroma

#include <chroma/embeddings.hpp>

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <sstream>
#include <type_traits>

namespace chroma {
namespace {

std::vector<float> row(const Embeddings& embeddings, std::size_t i) {
  return {embeddings[i].begin(), embeddings[i].end()};
}

template <class T>
concept Viewable = requires(T values) {
  Embeddings::view(std::forward<T>(values), 2);
};

static_assert(Viewable<std::vector<float>&>);
static_assert(Viewable<std::span<const float>>);
static_assert(!Viewable<std::vector<float>>);
static_assert(!Viewable<const std::vector<float>>);
static_assert(Viewable<std::span<float>> && Viewable<std::span<float, 4>>);
static_assert(Viewable<std::array<float, 4>&> && Viewable<const std::array<float, 4>&>);
static_assert(!Viewable<std::array<float, 4>> && !Viewable<const std::array<float, 4>>);
static_assert(!Viewable<std::initializer_list<float>>);
static_assert(Viewable<float (&)[4]> && !Viewable<float (&&)[4]>);

/// A type of users that refers to floats of its own.
struct Owner {
  operator std::span<const float>() const { return values; }
  std::array<float, 4> values;
};
static_assert(Viewable<const Owner&> && !Viewable<Owner>);

TEST(EmbeddingsTest, HoldsTheSameRowsHoweverTheyAreGiven) {
  const std::vector<float> flat{1, 2, 3, 4};
  const Embeddings expected(std::vector<std::vector<float>>{{1, 2}, {3, 4}});
  EXPECT_EQ(expected.size(), 2u);
  EXPECT_EQ(expected.dimension(), 2u);
  EXPECT_EQ(row(expected, 1), (std::vector<float>{3, 4}));
  EXPECT_EQ(Embeddings({{1, 2}, {3, 4}}), expected);
  EXPECT_EQ(Embeddings(flat, 2), expected);
  const std::vector<float> last{3, 4};
  EXPECT_EQ(Embeddings({{1, 2}, last}), expected);
  EXPECT_EQ(Embeddings({{1, 2}, std::optional(last)}), expected);
  EXPECT_EQ(Embeddings::view(flat, 2), expected);
  EXPECT_EQ(Embeddings::view({std::span(flat).first(2), last}), expected);
  EXPECT_EQ(Embeddings({std::vector<float>{1, 2}, std::vector<float>{3, 4}}), expected);
  EXPECT_EQ(Embeddings::from_flat(flat, {2, 2}), expected);
  EXPECT_EQ(Embeddings::row({1, 2, 3, 4}), Embeddings({{1, 2, 3, 4}}));
}

TEST(EmbeddingsTest, TakesRowsOfEveryKind) {
  const std::vector<float> vector{1, 2};
  const std::array<float, 2> array{1, 2};
  std::array<float, 2> other = array;
  const float plain[] = {1, 2};
  const Embeddings expected({{1, 2}});
  EXPECT_EQ(Embeddings::row(vector), expected);
  EXPECT_EQ(Embeddings::row(array), expected);
  EXPECT_EQ(Embeddings::row(plain), expected);
  EXPECT_EQ(Embeddings::row(std::span(vector)), expected);
  EXPECT_EQ(Embeddings::row(std::span(other)), expected);
  EXPECT_EQ(Embeddings::row(std::span<const float>()).size(), 1u);
  EXPECT_EQ(Embeddings::rows(vector), expected);
  EXPECT_EQ(Embeddings::rows(vector, array, plain, std::span(other), std::vector<float>{1, 2}),
            Embeddings({vector, vector, vector, vector, vector}));
  EXPECT_EQ(Embeddings::rows(vector, std::nullopt, std::optional(vector)),
            Embeddings({vector, std::nullopt, vector}));
}

TEST(EmbeddingsTest, MovedRowsAreNotCopied) {
  std::vector<float> first{1, 2};
  const float* const data = first.data();
  EXPECT_EQ(Embeddings::rows(std::move(first), std::vector<float>{3})[0].data(), data);
}

TEST(EmbeddingsTest, ViewDoesNotCopy) {
  const std::vector<float> flat{1, 2, 3, 4};
  EXPECT_EQ(Embeddings::view(flat, 2)[1].data(), flat.data() + 2);
  const std::vector<float> other{5, 6};
  EXPECT_EQ(Embeddings::view({flat, other})[1].data(), other.data());
}

TEST(EmbeddingsTest, MovedValuesAreNotCopied) {
  std::vector<float> flat{1, 2, 3, 4};
  const float* where = flat.data();
  EXPECT_EQ(Embeddings(std::move(flat), 2)[0].data(), where);
  std::vector<std::vector<float>> nested{{1, 2}, {3, 4}};
  const float* second = nested[1].data();
  EXPECT_EQ(Embeddings(std::move(nested))[1].data(), second);
}

TEST(EmbeddingsTest, KeepsMissingRows) {
  const std::vector<std::optional<std::vector<float>>> rows{std::nullopt, std::vector<float>{1, 2}};
  for (const Embeddings& embeddings :
       {Embeddings(rows), Embeddings::from_flat({1, 2}, {std::nullopt, 2}),
        Embeddings({std::nullopt, std::vector<float>{1, 2}}), Embeddings({std::nullopt, {1.0f, 2.0f}}),
        Embeddings::view({std::nullopt, *rows[1]})}) {
    EXPECT_EQ(embeddings.size(), 2u);
    EXPECT_EQ(embeddings.dimension(), 2u);
    EXPECT_FALSE(embeddings.has_row(0));
    EXPECT_TRUE(embeddings.has_row(1));
    EXPECT_TRUE(embeddings[0].empty());
    EXPECT_EQ(row(embeddings, 1), (std::vector<float>{1, 2}));
  }
  EXPECT_NE(Embeddings({std::nullopt}), Embeddings({std::vector<float>{}}));
}

TEST(EmbeddingsTest, KeepsWhatOperationsWillRefuse) {
  const Embeddings ragged(std::vector<float>{1, 2, 3}, 2);
  ASSERT_EQ(ragged.size(), 2u);
  EXPECT_EQ(row(ragged, 1), std::vector<float>{3});
  const Embeddings no_dimension(std::vector<float>{1, 2, 3}, 0);
  ASSERT_EQ(no_dimension.size(), 1u);
  EXPECT_TRUE(no_dimension[0].empty());
  EXPECT_EQ(Embeddings::row({}).size(), 1u);
  EXPECT_EQ(Embeddings({{}, {1}}).size(), 2u);
  const Embeddings short_of_values = Embeddings::from_flat({1, 2, 3}, {2, 2, 2});
  ASSERT_EQ(short_of_values.size(), 3u);
  EXPECT_EQ(short_of_values[1].size(), 1u);
  EXPECT_EQ(short_of_values[2].size(), 0u);
}

TEST(EmbeddingsTest, HasNothingAtFirst) {
  const Embeddings embeddings;
  EXPECT_EQ(embeddings.size(), 0u);
  EXPECT_TRUE(embeddings.empty());
  EXPECT_EQ(embeddings.dimension(), 0u);
  EXPECT_EQ(embeddings, Embeddings(std::vector<float>{}, 3));
}

TEST(EmbeddingsTest, NaNEqualsNothing) {
  const Embeddings embeddings({{std::numeric_limits<float>::quiet_NaN()}});
  EXPECT_FALSE(embeddings == embeddings);
}

TEST(EmbeddingsTest, Reorders) {
  const Embeddings embeddings({std::vector<float>{1, 2}, std::nullopt, std::vector<float>{3}});
  const std::vector<std::size_t> order{2, 0, 1};
  EXPECT_EQ(embeddings.reordered(order),
            Embeddings({std::vector<float>{3}, std::vector<float>{1, 2}, std::nullopt}));
}

TEST(EmbeddingsTest, PrintsShortly) {
  std::ostringstream out;
  out << Embeddings(std::vector<float>(600, 0.5f), 100) << ' '
      << Embeddings({std::nullopt, std::vector<float>{1}});
  EXPECT_EQ(out.str(),
            "6 x 100 [[0.5, 0.5, 0.5, 0.5, ...], [0.5, 0.5, 0.5, 0.5, ...], [0.5, 0.5, 0.5, 0.5, ...], ...] "
            "2 x 1 [null, [1]]");
}

}  // namespace
}  // namespace chroma

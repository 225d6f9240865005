#include <chroma/metadata.hpp>

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chroma;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t beyond_double = (std::int64_t(1) << 53) + 1;

template <class Value, class T>
concept HasGetIf = requires(const Value& value) {
  value.template get_if<T>();
};
template <class Value, class T>
concept HasIs = requires(const Value& value) {
  value.template is<T>();
};
static_assert(HasGetIf<MetadataValue, std::int64_t> && HasIs<UpdateMetadataValue, double>);
static_assert(!HasGetIf<MetadataValue, int> && !HasIs<MetadataValue, int>);
static_assert(!HasGetIf<UpdateMetadataValue, float> && !HasIs<UpdateMetadataValue, const char*>);

template <class Value, class T>
concept Readable = requires(Value&& value) {
  std::forward<Value>(value).template get<T>();
};
static_assert(Readable<const MetadataValue&, int> && Readable<MetadataValue, std::string>);
static_assert(Readable<const MetadataValue&, std::string_view>);
static_assert(!Readable<MetadataValue, std::string_view>, "the view would dangle");
static_assert(!Readable<const MetadataValue&, char> && !Readable<const MetadataValue&, const char*>);

TEST(MetadataGet, GivesTheStoredType) {
  EXPECT_EQ(MetadataValue(true).get<bool>(), true);
  EXPECT_EQ(MetadataValue(7).get<std::int64_t>(), 7);
  EXPECT_EQ(MetadataValue(0.1).get<double>(), 0.1);
  EXPECT_EQ(MetadataValue("x").get<std::string>(), "x");
  const MetadataValue text("some text that is too long for a small string");
  EXPECT_EQ(text.get<std::string_view>()->data(), text.get_if<std::string>()->data());
  const SparseVector sparse({1}, {0.5F});
  EXPECT_EQ(MetadataValue(sparse).get<SparseVector>(), sparse);
  const std::vector<std::string> texts{"a", "b"};
  EXPECT_EQ(MetadataValue(texts).get<std::vector<std::string>>(), texts);
}

TEST(MetadataGet, IntegersWithinTheRangeOfTheType) {
  EXPECT_EQ(MetadataValue(127).get<signed char>(), 127);
  EXPECT_EQ(MetadataValue(128).get<signed char>(), std::nullopt);
  EXPECT_EQ(MetadataValue(255).get<unsigned char>(), 255);
  EXPECT_EQ(MetadataValue(256).get<unsigned char>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-1).get<unsigned>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-1).get<std::uint64_t>(), std::nullopt);
  EXPECT_EQ(MetadataValue(2147483648).get<int>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-2147483648).get<std::int32_t>(), -2147483648);
  EXPECT_EQ(MetadataValue(least).get<long long>(), least);
  EXPECT_EQ(MetadataValue(largest).get<std::uint64_t>(), static_cast<std::uint64_t>(largest));
}

TEST(MetadataGet, IntegersAsFloatsOnlyIfExact) {
  EXPECT_EQ(MetadataValue(beyond_double - 1).get<double>(), 9007199254740992.0);
  EXPECT_EQ(MetadataValue(beyond_double).get<double>(), std::nullopt);
  EXPECT_EQ(MetadataValue(least).get<double>(), -0x1p63);
  EXPECT_EQ(MetadataValue(largest).get<double>(), std::nullopt);
  EXPECT_EQ(MetadataValue(16777216).get<float>(), 16777216.0F);
  EXPECT_EQ(MetadataValue(16777217).get<float>(), std::nullopt);
  EXPECT_EQ(MetadataValue(beyond_double).get<float>(), std::nullopt);
}

TEST(MetadataGet, FloatsAsIntegersOnlyWithoutFractionAndWithinTheRange) {
  EXPECT_EQ(MetadataValue(2.0).get<int>(), 2);
  EXPECT_EQ(MetadataValue(-0.0).get<int>(), 0);
  EXPECT_EQ(MetadataValue(-0.0).get<unsigned>(), 0U);
  EXPECT_EQ(MetadataValue(2.5).get<int>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-0.5).get<unsigned>(), std::nullopt);
  EXPECT_EQ(MetadataValue(1e10).get<int>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-0x1p63).get<std::int64_t>(), least);
  EXPECT_EQ(MetadataValue(0x1p63).get<std::int64_t>(), std::nullopt);
  EXPECT_EQ(MetadataValue(0x1p63).get<std::uint64_t>(), std::uint64_t(1) << 63);
  EXPECT_EQ(MetadataValue(std::nextafter(0x1p64, 0.0)).get<std::uint64_t>(), 18446744073709549568U);
  EXPECT_EQ(MetadataValue(0x1p64).get<std::uint64_t>(), std::nullopt);
  for (const double value : {infinity, -infinity, nan}) {
    EXPECT_EQ(MetadataValue(value).get<std::int64_t>(), std::nullopt);
    EXPECT_EQ(MetadataValue(value).get<std::uint64_t>(), std::nullopt);
  }
}

TEST(MetadataGet, DoublesAsFloatsOnlyIfExact) {
  EXPECT_EQ(MetadataValue(0.5).get<float>(), 0.5F);
  EXPECT_EQ(MetadataValue(0.1).get<float>(), std::nullopt);
  EXPECT_EQ(MetadataValue(0.1F).get<float>(), 0.1F);
  EXPECT_EQ(MetadataValue(FLT_TRUE_MIN).get<float>(), FLT_TRUE_MIN);
  EXPECT_EQ(MetadataValue(1e-60).get<float>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-FLT_MAX).get<float>(), -FLT_MAX);
  EXPECT_EQ(MetadataValue(1e300).get<float>(), std::nullopt);
  EXPECT_EQ(MetadataValue(-infinity).get<float>(), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(MetadataValue(nan).get<float>().value()));
  EXPECT_TRUE(std::signbit(MetadataValue(-0.0).get<float>().value()));
}

TEST(MetadataGet, ArraysElementByElement) {
  using Integers = std::vector<std::int64_t>;
  using Doubles = std::vector<double>;
  EXPECT_EQ(MetadataValue(Integers{1, 2}).get<Doubles>(), (Doubles{1, 2}));
  EXPECT_EQ(MetadataValue(Integers{1, beyond_double}).get<Doubles>(), std::nullopt);
  EXPECT_EQ(MetadataValue(Doubles{1, 2}).get<Integers>(), (Integers{1, 2}));
  EXPECT_EQ(MetadataValue(Doubles{1, 2.5}).get<Integers>(), std::nullopt);
  EXPECT_EQ(MetadataValue(std::vector<bool>{true}).get<Integers>(), std::nullopt);
}

TEST(MetadataGet, AnEmptyArrayHasEveryElementType) {
  const MetadataValue empty{std::vector<bool>()};
  EXPECT_EQ(empty.get<std::vector<std::string>>(), std::vector<std::string>());
  EXPECT_EQ(empty.get<std::vector<double>>(), std::vector<double>());
  EXPECT_EQ(MetadataValue(std::vector<std::string>()).get<std::vector<bool>>(), std::vector<bool>());
}

TEST(MetadataGet, NothingElseConverts) {
  EXPECT_EQ(MetadataValue(true).get<int>(), std::nullopt);
  EXPECT_EQ(MetadataValue(1).get<bool>(), std::nullopt);
  EXPECT_EQ(MetadataValue("1").get<int>(), std::nullopt);
  EXPECT_EQ(MetadataValue(1).get<std::string>(), std::nullopt);
  EXPECT_EQ(MetadataValue(std::vector<bool>()).get<bool>(), std::nullopt);
  EXPECT_EQ(MetadataValue(1).get<std::vector<std::int64_t>>(), std::nullopt);
  EXPECT_EQ(MetadataValue(1).get<SparseVector>(), std::nullopt);
}

}  // namespace

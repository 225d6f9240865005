#include "codec/system.hpp"
#include "unit/records/refusal.hpp"
#include "unit/records/rewritten.hpp"

#include <gtest/gtest.h>

namespace chroma::codec {
namespace {

TEST(DecodeSystemTest, ReadsAndWritesResponses) {
  for (const std::string_view text : {R"({"nanosecond heartbeat":18446744073709551615})"}) {
    EXPECT_EQ(rewritten<HeartbeatResponse>(text), text);
  }
  constexpr std::string_view identity = R"({"user_id":"","tenant":"t","databases":["b","a"]})";
  EXPECT_EQ(rewritten<GetUserIdentityResponse>(identity), identity);
  constexpr std::string_view checks = R"({"max_batch_size":5461,"supports_base64_encoding":true})";
  EXPECT_EQ(rewritten<PreFlightChecks>(checks), checks);
  constexpr std::string_view health = R"({"is_executor_ready":true,"is_log_client_ready":false})";
  EXPECT_EQ(rewritten<HealthcheckResponse>(health), health);
  constexpr std::string_view status =
      R"({"op_indexing_progress":0.5,"num_unindexed_ops":1,"num_indexed_ops":1,"total_ops":2})";
  EXPECT_EQ(rewritten<IndexStatusResponse>(status), status);
  EXPECT_EQ(rewritten<Tenant>(R"({"name":"t"})"), R"({"name":"t","resource_name":null})");
  EXPECT_EQ(rewritten<Database>(R"({"id":"i","name":"n","tenant":"t"})"), R"({"id":"i","name":"n"})");
  EXPECT_EQ(decode<ForkCount>(R"({"count":3})").count, 3u);
}

TEST(DecodeSystemTest, ReadsPreFlightChecksOfOlderServers) {
  EXPECT_EQ(decode<PreFlightChecks>(R"({"max_batch_size":100})"), (PreFlightChecks{100, false}));
}

TEST(DecodeSystemTest, NamesMissingAndInvalidMembers) {
  EXPECT_NE(unreadable([] {
              (void)decode<HeartbeatResponse>(R"({"heartbeat":1})");
            }).find("the member \"nanosecond heartbeat\" is missing"),
            std::string::npos);
  EXPECT_NE(unreadable([] {
              (void)decode<GetUserIdentityResponse>(R"({"user_id":"","databases":[]})");
            }).find("the member \"tenant\" is missing"),
            std::string::npos);
  EXPECT_EQ(unreadable([] { (void)decode<PreFlightChecks>(R"({"max_batch_size":-1})"); }).substr(0, 16),
            "/max_batch_size:");
  EXPECT_NE(
      unreadable([] { (void)decode<HeartbeatResponse>(R"({"nanosecond heartbeat":18446744073709551616})"); }),
      "read");
}

TEST(DecodeSystemTest, WritesNames) {
  EXPECT_EQ(encode(NameBody{"a\"b"}).view(), R"({"name":"a\"b"})");
}

}  // namespace
}  // namespace chroma::codec

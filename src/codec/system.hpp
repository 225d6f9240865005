#pragma once

#include "codec/codec.hpp"

#include <chroma/responses.hpp>

#include <cstddef>
#include <string_view>

/// Answers about the server, tenants and databases, and the bodies that are a name.
namespace chroma::codec {

/// `{"count": n}`: how many forks a collection has.
struct ForkCount {
  std::size_t count = 0;
};

void read(JsonReader& in, HeartbeatResponse& response);
void read(JsonReader& in, GetUserIdentityResponse& response);
void read(JsonReader& in, PreFlightChecks& response);
void read(JsonReader& in, HealthcheckResponse& response);
void read(JsonReader& in, IndexStatusResponse& response);
void read(JsonReader& in, Tenant& response);
void read(JsonReader& in, Database& response);
void read(JsonReader& in, ForkCount& response);

void write(JsonWriter& out, const HeartbeatResponse& response);
void write(JsonWriter& out, const GetUserIdentityResponse& response);
void write(JsonWriter& out, const PreFlightChecks& response);
void write(JsonWriter& out, const HealthcheckResponse& response);
void write(JsonWriter& out, const IndexStatusResponse& response);
void write(JsonWriter& out, const Tenant& response);
void write(JsonWriter& out, const Database& response);

/// Body that creates a tenant or a database.
[[nodiscard]] core::Buffer encode_name(std::string_view name);

}  // namespace chroma::codec

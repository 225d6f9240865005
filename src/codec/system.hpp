#pragma once

#include "codec/codec.hpp"

#include <chroma/responses.hpp>

#include <cstddef>
#include <string_view>

/// Responses about the server, tenants and databases, and the bodies that hold a name.
namespace chroma {

namespace codec {

/// `{"count": n}`: how many forks a collection has.
struct ForkCount {
  std::size_t count = 0;
};

void read(json::Reader& in, ForkCount& response);

/// Body that creates a tenant or a database.
[[nodiscard]] core::Buffer encode_name(std::string_view name);

}  // namespace codec

void read(json::Reader& in, HeartbeatResponse& response);
void read(json::Reader& in, GetUserIdentityResponse& response);
void read(json::Reader& in, PreFlightChecks& response);
void read(json::Reader& in, HealthcheckResponse& response);
void read(json::Reader& in, IndexStatusResponse& response);
void read(json::Reader& in, Tenant& response);
void read(json::Reader& in, Database& response);

void write(json::Writer& out, const HeartbeatResponse& response);
void write(json::Writer& out, const GetUserIdentityResponse& response);
void write(json::Writer& out, const PreFlightChecks& response);
void write(json::Writer& out, const HealthcheckResponse& response);
void write(json::Writer& out, const IndexStatusResponse& response);
void write(json::Writer& out, const Tenant& response);
void write(json::Writer& out, const Database& response);

}  // namespace chroma

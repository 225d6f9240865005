#include "testing/router.hpp"

#include "testing/failure.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace chroma::testing {
namespace {

struct Entry {
  const char* method;
  const char* path;  ///< Below /api/v2; `*` stands for one segment.
  const char* operation;
  HttpReply (FakeChroma::*handler)(const Call&);
};

#define CHROMA_DATABASES "/tenants/*/databases"
#define CHROMA_COLLECTIONS CHROMA_DATABASES "/*/collections"
#define CHROMA_RECORDS CHROMA_COLLECTIONS "/*"
constexpr std::array entries = {
    Entry{"GET", "", "heartbeat", &FakeChroma::heartbeat},
    Entry{"GET", "/heartbeat", "heartbeat", &FakeChroma::heartbeat},
    Entry{"GET", "/version", "version", &FakeChroma::version},
    Entry{"GET", "/pre-flight-checks", "pre_flight_checks", &FakeChroma::pre_flight_checks},
    Entry{"GET", "/healthcheck", "healthcheck", &FakeChroma::healthcheck},
    Entry{"GET", "/auth/identity", "get_auth_identity", &FakeChroma::get_auth_identity},
    Entry{"POST", "/reset", "reset", &FakeChroma::reset},
    Entry{"POST", "/tenants", "create_tenant", &FakeChroma::create_tenant},
    Entry{"GET", "/tenants/*", "get_tenant", &FakeChroma::get_tenant},
    Entry{"PATCH", "/tenants/*", "update_tenant", &FakeChroma::update_tenant},
    Entry{"POST", CHROMA_DATABASES, "create_database", &FakeChroma::create_database},
    Entry{"GET", CHROMA_DATABASES, "list_databases", &FakeChroma::list_databases},
    Entry{"GET", CHROMA_DATABASES "/*", "get_database", &FakeChroma::get_database},
    Entry{"DELETE", CHROMA_DATABASES "/*", "delete_database", &FakeChroma::delete_database},
    Entry{"GET", CHROMA_DATABASES "/*/collections_count", "count_collections",
          &FakeChroma::count_collections},
    Entry{"GET", CHROMA_COLLECTIONS, "list_collections", &FakeChroma::list_collections},
    Entry{"POST", CHROMA_COLLECTIONS, "create_collection", &FakeChroma::create_collection},
    Entry{"GET", CHROMA_COLLECTIONS "/by-id/*", "get_collection_by_id", &FakeChroma::get_collection_by_id},
    Entry{"GET", CHROMA_RECORDS, "get_collection", &FakeChroma::get_collection},
    Entry{"PUT", CHROMA_RECORDS, "collection_modify", &FakeChroma::modify_collection},
    Entry{"DELETE", CHROMA_RECORDS, "delete_collection", &FakeChroma::delete_collection},
    Entry{"POST", CHROMA_RECORDS "/add", "collection_add", &FakeChroma::add},
    Entry{"POST", CHROMA_RECORDS "/update", "collection_update", &FakeChroma::update},
    Entry{"POST", CHROMA_RECORDS "/upsert", "collection_upsert", &FakeChroma::upsert},
    Entry{"POST", CHROMA_RECORDS "/delete", "collection_delete", &FakeChroma::delete_records},
    Entry{"POST", CHROMA_RECORDS "/get", "collection_get", &FakeChroma::get},
    Entry{"POST", CHROMA_RECORDS "/query", "collection_query", &FakeChroma::query},
    Entry{"GET", CHROMA_RECORDS "/count", "collection_count", &FakeChroma::count},
    Entry{"POST", CHROMA_RECORDS "/search", "collection_search", &FakeChroma::search},
    Entry{"POST", CHROMA_RECORDS "/fork", "collection_fork", &FakeChroma::fork},
    Entry{"GET", CHROMA_RECORDS "/fork_count", "collection_fork_count", &FakeChroma::fork_count},
    Entry{"GET", CHROMA_RECORDS "/indexing_status", "collection_indexing_status",
          &FakeChroma::indexing_status},
    Entry{"POST", CHROMA_RECORDS "/functions/attach", "attach_function", &FakeChroma::attach_function},
    Entry{"GET", CHROMA_RECORDS "/functions/*", "get_attached_function", &FakeChroma::get_attached_function},
};
#undef CHROMA_RECORDS
#undef CHROMA_COLLECTIONS
#undef CHROMA_DATABASES

/// Percent-decodes a text. Invalid escapes are kept unchanged.
std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16).ptr == &text[i + 1] + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> query;
  for (const auto pair : split(text, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    query.emplace(decoded(pair.substr(0, equals)), decoded(pair.substr(equals + 1)));
  }
  return query;
}

/// The variable segments if the path matches.
std::optional<std::vector<std::string>> match(const std::vector<std::string_view>& path,
                                              std::string_view form) {
  const auto segments = split(form, '/');
  if (segments.size() != path.size()) return std::nullopt;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i] == "*") {
      arguments.push_back(decoded(path[i]));
    } else if (segments[i] != path[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

constexpr std::string_view base = "/api/v2";

}  // namespace

Route find_route(const HttpRequest& request) {
  Route route;
  const std::string_view target = request.target;
  const auto question = target.find('?');
  const auto path = target.substr(0, question);
  if (path.substr(0, base.size()) != base) return route;
  if (question != std::string_view::npos) route.query = query_of(target.substr(question + 1));
  const auto segments = split(path.substr(base.size()), '/');
  for (const auto& entry : entries) {
    auto arguments = match(segments, entry.path);
    if (!arguments) continue;
    if (request.method == entry.method) {
      route.operation = entry.operation;
      route.handler = entry.handler;
      route.arguments = std::move(*arguments);
      return route;
    }
    route.allowed_methods += (route.allowed_methods.empty() ? "" : ",") + std::string(entry.method);
  }
  return route;
}

HttpReply run_route(FakeChroma& chroma, const Route& route, const HttpRequest& request) {
  if (route.handler == nullptr) {
    auto reply = empty_reply(route.allowed_methods.empty() ? 404 : 405);
    if (!route.allowed_methods.empty()) reply.headers.emplace_back("allow", route.allowed_methods);
    return reply;
  }
  try {
    return (chroma.*route.handler)(Call{route.arguments, route.query, request});
  } catch (const Failure& failure) {
    return error_reply(failure.status(), failure.what());
  } catch (const Panic&) {
    HttpReply reply;
    reply.drop = true;
    return reply;
  }
}

}  // namespace chroma::testing

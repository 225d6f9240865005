#include "client/refused_filter.hpp"

#include "types/where_json.hpp"

#include <utility>

namespace chroma::detail {

std::vector<SentFilter> filters_of(const SearchRequest& request) {
  std::vector<SentFilter> filters;
  for (std::size_t i = 0; i < request.searches().size(); ++i) {
    const auto& where = request.searches()[i].where();
    if (where) filters.push_back({"searches[" + std::to_string(i) + "].filter", *where});
  }
  return filters;
}

ChromaHttpClientError explain_refused_filter(const ChromaHttpClientError& error,
                                             const std::vector<SentFilter>& filters) {
  const auto* api = error.get_if<ApiError>();
  if (api == nullptr || api->message.find("Invalid where clause") == std::string::npos) return error;
  std::string reasons;
  for (const auto& filter : filters) {
    const auto fault = where_fault(filter.where);
    if (!fault.empty()) reasons += (reasons.empty() ? "" : "; ") + filter.field + ": " + fault;
  }
  if (reasons.empty()) return error;
  ApiError explained = *api;
  explained.message += " (" + reasons + ")";
  return ChromaHttpClientError(std::move(explained), error.operation(), error.attempts());
}

}  // namespace chroma::detail

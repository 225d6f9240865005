#pragma once

#include <chroma/error.hpp>
#include <chroma/search.hpp>

#include <string>
#include <vector>

namespace chroma::detail {

/// A filter that a request sent, and the argument that held it.
struct SentFilter {
  std::string field;
  Where where;
};

/// The filter of a request, if it has one. Copies of a filter share its tree.
template <class Request>
[[nodiscard]] std::vector<SentFilter> filters_of(const Request& request) {
  std::vector<SentFilter> filters;
  if (request.where()) filters.push_back({"where", *request.where()});
  return filters;
}
[[nodiscard]] std::vector<SentFilter> filters_of(const SearchRequest& request);

/// If the server refused a filter, adds to its message what `Where::parse` does not accept about the filters.
/// A server says no more than "Invalid where clause". Other errors are returned as they are.
[[nodiscard]] ChromaHttpClientError explain_refused_filter(const ChromaHttpClientError& error,
                                                           const std::vector<SentFilter>& filters);

}  // namespace chroma::detail

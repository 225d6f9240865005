#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>
#include <chroma/requests.hpp>

#include <algorithm>

namespace chroma {
namespace {

using namespace detail;

void require_some(const char* field, std::size_t count, const char* what) {
  if (count == 0) {
    throw ChromaHttpClientError(ValidationError{std::string("must have at least one ") + what, field});
  }
}

template <class Request>
void validate_columns(const Request& request, Gaps gaps) {
  const std::size_t rows = request.ids().size();
  check_ids(request.ids());
  check_unique(request.ids());
  if (const auto& embeddings = request.embeddings()) {
    check_length("embeddings", embeddings->size(), rows);
    check_embeddings("embeddings", *embeddings, gaps);
  }
  if (const auto& documents = request.documents()) {
    check_length("documents", documents->size(), rows);
    check_texts("documents", *documents);
  }
  if (const auto& uris = request.uris()) {
    check_length("uris", uris->size(), rows);
    check_texts("uris", *uris);
  }
  if (const auto& metadatas = request.metadatas()) {
    check_length("metadatas", metadatas->size(), rows);
    validate_metadatas(*metadatas);
  }
}

// New records need embeddings, or documents from which the embeddings are computed. A request does not know
// whether its collection has an embedding function.
template <class Request>
void require_embeddings_or_documents(const Request& request) {
  if (request.embeddings()) return;
  require_some("ids", request.ids().size(), "id");
  const auto& documents = request.documents();
  const bool complete =
      documents && std::ranges::all_of(*documents, [](const auto& text) { return text.has_value(); });
  if (!complete) throw ChromaHttpClientError(MissingDocumentsForEmbedding());
}

template <class Request>
void validate_selection(const Request& request) {
  if (request.ids()) check_ids(*request.ids());
  if (request.where()) request.where()->validate();
}

}  // namespace

void AddRequest::validate() const {
  validate_columns(*this, Gaps::refused);
  require_embeddings_or_documents(*this);
}

void UpsertRequest::validate() const {
  validate_columns(*this, Gaps::refused);
  require_embeddings_or_documents(*this);
}

void UpdateRequest::validate() const {
  validate_columns(*this, Gaps::allowed);
}

void GetRequest::validate() const {
  validate_selection(*this);
  if (limit_) check_u32("limit", *limit_);
  check_u32("offset", offset_);
}

void QueryRequest::validate() const {
  if (query_texts_.empty()) {
    require_some("query_embeddings", query_embeddings_.size(), "row");
  } else if (!query_embeddings_.empty()) {
    throw ChromaHttpClientError(
        ValidationError{"must not be set together with query_embeddings", "query_texts"});
  }
  for (std::size_t i = 0; i < query_texts_.size(); ++i) {
    const auto fault = text_fault(query_texts_[i]);
    if (!fault.empty()) {
      throw ChromaHttpClientError(ValidationError{"row " + std::to_string(i) + " " + fault, "query_texts"});
    }
  }
  check_embeddings("query_embeddings", query_embeddings_, Gaps::refused);
  validate_selection(*this);
  check_u32("n_results", n_results_);
}

void DeleteRequest::validate() const {
  const bool has_ids = ids() && !ids()->empty();
  // A limit without a filter is reported first, unless the list of ids is empty, which is then the error.
  if (limit_ && !where() && (has_ids || !ids())) {
    throw ChromaHttpClientError(
        ValidationError{"limit can only be specified when a where clause is provided", "limit, where"});
  }
  if (!has_ids && !where()) {
    throw ChromaHttpClientError(ValidationError{"Either ids or where must be specified", "ids, where"});
  }
  validate_selection(*this);
  if (limit_) check_u32("limit", *limit_);
}

}  // namespace chroma

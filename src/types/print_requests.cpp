// The requests as text for people to read.
#include "types/display.hpp"

#include <chroma/requests.hpp>
#include <chroma/search.hpp>

namespace chroma {
namespace {

/// For example `add 2 records: "a", "b"; embeddings of dimension 3, documents`.
template <class Request>
std::ostream& print_write(std::ostream& out, const char* verb, const Request& request) {
  const auto& ids = request.ids();
  out << verb << ' ' << ids.size() << (ids.size() == 1 ? " record" : " records");
  if (!ids.empty()) {
    out << ": ";
    detail::display(out, ids);
  }
  const char* separator = "; ";
  const auto column = [&](const char* name) {
    out << separator << name;
    separator = ", ";
  };
  if (request.embeddings()) {
    column("embeddings of dimension ");
    out << request.embeddings()->dimension();
  }
  if (request.documents()) column("documents");
  if (request.uris()) column("uris");
  if (request.metadatas()) column("metadatas");
  return out;
}

/// The ids and the filter.
template <class Request>
void print_selection(std::ostream& out, const Request& request) {
  if (const auto& ids = request.ids()) {
    out << " of " << ids->size() << (ids->size() == 1 ? " id" : " ids");
    if (!ids->empty()) {
      out << " (";
      detail::display(out, *ids);
      out << ')';
    }
  }
  if (request.where()) out << " where " << *request.where();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const AddRequest& request) {
  return print_write(out, "add", request);
}

std::ostream& operator<<(std::ostream& out, const UpsertRequest& request) {
  return print_write(out, "upsert", request);
}

std::ostream& operator<<(std::ostream& out, const UpdateRequest& request) {
  return print_write(out, "update", request);
}

std::ostream& operator<<(std::ostream& out, const GetRequest& request) {
  out << "get";
  print_selection(out, request);
  if (request.limit()) out << ", limit " << *request.limit();
  if (request.offset() != 0) out << ", offset " << request.offset();
  return out << ", include " << request.include();
}

std::ostream& operator<<(std::ostream& out, const QueryRequest& request) {
  if (request.query_texts().empty()) {
    out << "query " << request.query_embeddings();
  } else {
    const auto count = request.query_texts().size();
    out << "query by " << count << (count == 1 ? " text: " : " texts: ");
    detail::display(out, request.query_texts());
  }
  print_selection(out, request);
  return out << ", n_results " << request.n_results() << ", include " << request.include();
}

std::ostream& operator<<(std::ostream& out, const DeleteRequest& request) {
  out << "delete";
  print_selection(out, request);
  if (request.limit()) out << ", limit " << *request.limit();
  return out;
}

std::ostream& operator<<(std::ostream& out, const SearchPayload& search) {
  out << "search";
  print_selection(out, search);
  if (search.rank()) out << " by " << *search.rank();
  if (!search.group_by().keys().empty()) out << ", grouped";
  if (search.limit()) out << ", limit " << *search.limit();
  if (search.offset() != 0) out << ", offset " << search.offset();
  for (std::size_t i = 0; i < search.select().size(); ++i) {
    out << (i == 0 ? ", select " : ", ") << search.select()[i];
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const SearchRequest& request) {
  for (const auto& search : request.searches()) out << search << "; ";
  return out << "read level " << request.read_level();
}

}  // namespace chroma

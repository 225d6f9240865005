#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>
#include <chroma/search.hpp>

#include <algorithm>
#include <utility>

namespace chroma {

std::vector<Key> SearchPayload::unique(std::vector<Key> keys) {
  std::vector<Key> kept;
  kept.reserve(keys.size());
  for (auto& key : keys) {
    if (std::find(kept.begin(), kept.end(), key) == kept.end()) kept.push_back(std::move(key));
  }
  return kept;
}

namespace {

/// The errors of one search, each with its field and reason.
using Faults = std::vector<ValidationError>;

/// The rules of the Rust crate, in the same order and with the same messages.
std::string group_by_fault(const GroupBy& group) {
  const auto& aggregate = group.aggregate();
  if (group.keys().empty() && !aggregate) return {};
  if (group.keys().empty() != !aggregate) {
    return "group_by keys and aggregate must both be specified or both be omitted";
  }
  const auto is_field = [](const Key& key) { return key.kind() == Key::Kind::MetadataField; };
  const auto is_field_or_score = [&](const Key& key) {
    return is_field(key) || key.kind() == Key::Kind::Score;
  };
  if (!std::all_of(group.keys().begin(), group.keys().end(), is_field)) {
    return "group_by keys must be metadata fields (cannot use #score, #document, #embedding, or #metadata)";
  }
  if (aggregate->keys().empty()) return "aggregate keys must not be empty";
  if (aggregate->k() == 0) return "aggregate k must be greater than 0";
  if (!std::all_of(aggregate->keys().begin(), aggregate->keys().end(), is_field_or_score)) {
    return "aggregate keys must be metadata fields or #score (cannot use #document, #embedding, or "
           "#metadata)";
  }
  return {};
}

std::string keys_fault(const std::vector<Key>& keys) {
  for (const auto& key : keys) {
    if (auto fault = detail::text_fault(key.text()); !fault.empty()) return "a key " + fault;
  }
  return {};
}

void collect(const SearchPayload& search, const std::string& place, Faults& faults) {
  const auto before = faults.size();
  const auto note = [&](const char* part, std::string fault) {
    if (!fault.empty()) faults.push_back(ValidationError{std::move(fault), place + part});
  };
  try {
    if (search.where()) search.where()->validate(place + ".filter");
  } catch (const ChromaHttpClientError& error) {
    faults.push_back(*error.get_if<ValidationError>());
  }
  if (search.ids()) note(".ids", detail::ids_fault(*search.ids()));
  note(".group_by", group_by_fault(search.group_by()));
  note(".group_by", keys_fault(search.group_by().keys()));
  if (const auto& aggregate = search.group_by().aggregate()) {
    note(".group_by", keys_fault(aggregate->keys()));
    if (auto fault = detail::u32_fault(aggregate->k()); !fault.empty())
      note(".group_by", "aggregate k " + fault);
  }
  if (search.rank()) note(".rank", search.rank()->fault());
  if (search.limit()) note(".limit", detail::u32_fault(*search.limit()));
  note(".offset", detail::u32_fault(search.offset()));
  note(".select", keys_fault(search.select()));
  const bool sound = faults.size() == before;
  if (sound && !search.group_by().keys().empty() && !search.rank()) {
    note(".__all__", "group_by requires rank expression to be specified");
  }
}

/// Throws one error with all messages, one on each line. Its field is the field of the first error.
void refuse(const Faults& faults) {
  if (faults.empty()) return;
  ValidationError error = faults.front();
  for (std::size_t i = 1; i < faults.size(); ++i)
    error.message += "\n" + faults[i].field + ": " + faults[i].message;
  throw ChromaHttpClientError(std::move(error));
}

}  // namespace

void SearchPayload::validate() const {
  Faults faults;
  collect(*this, "searches[0]", faults);
  refuse(faults);
}

void SearchRequest::validate() const {
  Faults faults;
  for (std::size_t i = 0; i < searches_.size(); ++i) {
    collect(searches_[i], "searches[" + std::to_string(i) + "]", faults);
  }
  refuse(faults);
}

}  // namespace chroma

#include "client/collection_metadata.hpp"

namespace chroma::detail {

std::optional<std::string> unsupported_key(const std::optional<Metadata>& metadata) {
  if (!metadata) return std::nullopt;
  for (const auto& [key, value] : *metadata) {
    const bool scalar =
        value.is<bool>() || value.is<std::int64_t>() || value.is<double>() || value.is<std::string>();
    if (!scalar) return key;
  }
  return std::nullopt;
}

ChromaHttpClientError explain_lost_response(const ChromaHttpClientError& error,
                                            const std::optional<std::string>& key, const std::string& field) {
  const auto* request = error.get_if<RequestError>();
  const bool lost = request != nullptr && (request->stage == Stage::read || request->stage == Stage::write);
  if (!key || !lost) return error;
  return ChromaHttpClientError(
      ValidationError{
          "the server closed the connection without a response, as single-node Chroma servers do when "
          "the metadata of a collection holds an array or a sparse vector; only records may have such "
          "values. (" +
              request->message + ")",
          field + "." + *key},
      error.operation(), error.attempts());
}

}  // namespace chroma::detail

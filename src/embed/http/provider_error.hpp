#pragma once

#include "embed/http/secrets.hpp"
#include "transport/http_message.hpp"

#include <chroma/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chroma::embed {

/// The error that a response with an error status describes. Secrets are replaced wherever the response
/// repeats them.
[[nodiscard]] EmbeddingFunctionError provider_error(const transport::HttpResponse& response,
                                                    const Secrets& secrets);

/// The error of a response with a status of success whose body is not the expected one. Its message is that
/// of the body if the body describes an error, and `reason` otherwise.
/// @param reason why the body could not be read
[[nodiscard]] EmbeddingFunctionError unreadable_response(const transport::HttpResponse& response,
                                                         std::string_view reason, const Secrets& secrets);

/// The transport::RetryRule of all providers.
[[nodiscard]] std::optional<bool> is_worth_another_attempt(const transport::HttpResponse& response);

/// What a provider refused, as far as a request with fewer texts may succeed.
enum class Refusal {
  other,
  number_of_texts,  ///< More texts than the provider accepts in one request.
  size_of_request,  ///< More bytes or tokens than the provider accepts in one request.
  one_text,         ///< One of the texts, because it is too long or empty; the provider does not say which.
};
[[nodiscard]] Refusal refusal_of(const EmbeddingFunctionError& error);

}  // namespace chroma::embed

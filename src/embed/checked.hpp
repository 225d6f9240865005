#pragma once

#include <chroma/embedding_function.hpp>
#include <chroma/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace chroma::embed {

/// What the texts are. Selects the member function that is called.
enum class Purpose { documents, queries };

/// Embeds the texts and checks the result: it has one row for each text, all rows have the same length, and
/// all values are finite. The function is not called if there are no texts. All calls of embedding functions
/// go through this function.
/// @throws ChromaHttpClientError of kind ValidationError (field "texts") if a text is not valid UTF-8; of
/// kind EmbeddingFunctionError, with the index of the text, if the result is invalid, or with the message of
/// the exception if the function throws one of another class. An error `operation_aborted` is passed on.
[[nodiscard]] boost::asio::awaitable<Embeddings> embed_checked(
    std::shared_ptr<const DenseEmbeddingFunction> function, std::vector<std::string> texts, Purpose purpose);
/// As above; each sparse vector must be valid.
[[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_checked(
    std::shared_ptr<const SparseEmbeddingFunction> function, std::vector<std::string> texts, Purpose purpose);

/// An error about one text (field "texts"). Its message begins with "text " and the index.
[[nodiscard]] ValidationError text_error(std::size_t text, const std::string& fault);

/// Replaces the index in an error of `text_error` by its element in `places`. Other errors are returned
/// unchanged.
[[nodiscard]] ValidationError text_error_at(ValidationError error, const std::vector<std::size_t>& places);

/// @throws ChromaHttpClientError of kind ValidationError (field "texts") if a text is not valid UTF-8
void check_utf8(const std::vector<std::string>& texts);

/// Checks a result, or a part of it, for a function that combines several responses.
/// @param first_text the index in the list of the caller of the text that belongs to the first row
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
void check_result(const Embeddings& result, std::size_t texts, std::size_t first_text = 0);
void check_result(const std::vector<SparseVector>& result, std::size_t texts, std::size_t first_text = 0);

}  // namespace chroma::embed

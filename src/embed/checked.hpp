#pragma once

#include <chroma/embedding_function.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace chroma::embed {

/// Which member of a function is called.
enum class Purpose { documents, queries };

/// Embeds the texts and checks what comes back: as many rows as texts, all of one length, every value finite.
/// Without texts the function is not called. Every caller of an embedding function goes through here.
/// @throws ChromaHttpClientError of kind ValidationError (field "texts") if a text is not valid UTF-8; of
/// kind EmbeddingFunctionError, with the place of the text, if the result is not as it must be, and with the
/// text of the exception if the function throws one of another class. `operation_aborted` passes.
[[nodiscard]] boost::asio::awaitable<Embeddings> embed_checked(
    std::shared_ptr<const DenseEmbeddingFunction> function, std::vector<std::string> texts, Purpose purpose);
/// The same for sparse vectors, each of which must be valid.
[[nodiscard]] boost::asio::awaitable<std::vector<SparseVector>> embed_checked(
    std::shared_ptr<const SparseEmbeddingFunction> function, std::vector<std::string> texts, Purpose purpose);

/// The check of a result alone, for a function that puts it together of several responses.
/// @param first_text the place in the caller's list of the text that belongs to the first row
/// @throws ChromaHttpClientError of kind EmbeddingFunctionError
void check_result(const Embeddings& result, std::size_t texts, std::size_t first_text = 0);
void check_result(const std::vector<SparseVector>& result, std::size_t texts, std::size_t first_text = 0);

}  // namespace chroma::embed

#include "embed/checked.hpp"

#include "types/record_checks.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <charconv>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

namespace chroma::embed {

namespace asio = boost::asio;

namespace {

constexpr std::string_view text_prefix = "text ";

[[noreturn]] void refuse(std::string message, std::size_t first_text, std::size_t text_count = 1) {
  EmbeddingFunctionError error;
  error.message = std::move(message);
  error.first_text = first_text;
  error.text_count = text_count;
  throw ChromaHttpClientError(std::move(error));
}

void check_count(std::size_t rows, std::size_t texts, std::size_t first_text) {
  if (rows == texts) return;
  refuse("Embedding function returned " + std::to_string(rows) + " embeddings for " + std::to_string(texts) +
             " inputs",
         first_text, texts);
}

// Converts the exception of an embedding function to an error that an operation may throw.
[[noreturn]] void rethrow(std::exception_ptr failure) {
  std::string message;
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const ChromaHttpClientError&) {
    throw;
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    message = error.what();
  } catch (const std::exception& error) {
    message = error.what();
  } catch (...) {
    message = "the embedding function threw an exception that is not a std::exception";
  }
  throw ChromaHttpClientError(EmbeddingFunctionError{std::move(message)});
}

template <class Result, class Function>
asio::awaitable<Result> embed(std::shared_ptr<const Function> function, std::vector<std::string> texts,
                              Purpose purpose) {
  if (texts.empty()) co_return Result();
  check_utf8(texts);
  const std::size_t count = texts.size();
  Result result;
  std::exception_ptr failure;
  try {
    if (purpose == Purpose::queries) {
      result = co_await function->embed_query_strs(std::move(texts));
    } else {
      result = co_await function->embed_strs(std::move(texts));
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) rethrow(std::move(failure));
  check_result(result, count);
  co_return result;
}

}  // namespace

asio::awaitable<Embeddings> embed_checked(std::shared_ptr<const DenseEmbeddingFunction> function,
                                          std::vector<std::string> texts, Purpose purpose) {
  return embed<Embeddings>(std::move(function), std::move(texts), purpose);
}

asio::awaitable<std::vector<SparseVector>> embed_checked(
    std::shared_ptr<const SparseEmbeddingFunction> function, std::vector<std::string> texts,
    Purpose purpose) {
  return embed<std::vector<SparseVector>>(std::move(function), std::move(texts), purpose);
}

ValidationError text_error(std::size_t text, const std::string& fault) {
  return ValidationError{std::string(text_prefix) + std::to_string(text) + " " + fault, "texts"};
}

ValidationError text_error_at(ValidationError error, const std::vector<std::size_t>& places) {
  if (error.field != "texts" || !error.message.starts_with(text_prefix)) return error;
  const char* const begin = error.message.data() + text_prefix.size();
  std::size_t text = 0;
  const auto parsed = std::from_chars(begin, error.message.data() + error.message.size(), text);
  if (parsed.ec != std::errc() || text >= places.size()) return error;
  const auto digits = static_cast<std::size_t>(parsed.ptr - begin);
  error.message.replace(text_prefix.size(), digits, std::to_string(places[text]));
  return error;
}

void check_utf8(const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (const auto fault = chroma::detail::text_fault(texts[i]); !fault.empty()) {
      throw ChromaHttpClientError(text_error(i, fault));
    }
  }
}

void check_result(const Embeddings& result, std::size_t texts, std::size_t first_text) {
  check_count(result.size(), texts, first_text);
  for (std::size_t i = 0; i < texts; ++i) {
    const std::size_t place = first_text + i;
    if (!result.has_row(i)) refuse("the embedding is missing", place);
    const auto row = result[i];
    if (row.empty()) refuse("the embedding has no values", place);
    if (row.size() != result[0].size()) {
      refuse("the embedding has " + std::to_string(row.size()) + " values, that of text " +
                 std::to_string(first_text) + " has " + std::to_string(result[0].size()),
             place);
    }
    if (const auto fault = chroma::detail::not_finite_fault(row); !fault.empty()) {
      refuse("the embedding " + fault, place);
    }
  }
}

void check_result(const std::vector<SparseVector>& result, std::size_t texts, std::size_t first_text) {
  check_count(result.size(), texts, first_text);
  for (std::size_t i = 0; i < texts; ++i) {
    if (const auto fault = chroma::detail::sparse_vector_fault(result[i]); !fault.empty()) {
      refuse("the sparse vector is not valid: " + fault, first_text + i);
    }
  }
}

}  // namespace chroma::embed

#include <chroma/result.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace chroma::detail {

ChromaHttpClientError error_from(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const ChromaHttpClientError& error) {
    return error;
  } catch (const boost::system::system_error& error) {
    if (error.code() != boost::asio::error::operation_aborted) throw;
    return ChromaHttpClientError(RequestError{Stage::cancelled, error.code(),
                                              "cancelled by the caller before the response was complete"});
  }
}

}  // namespace chroma::detail

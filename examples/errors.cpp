// Causes errors of several kinds and prints what they contain.
#include <chroma/chroma.hpp>

#include <iostream>

namespace {

void show(const char* what, const chroma::ChromaHttpClientError& error) {
  std::cout << what << ":\n  " << error.what() << "\n  operation " << error.operation() << ", attempts "
            << error.attempts() << (error.is_retryable() ? ", retryable" : "") << '\n';
  if (const auto* request = error.get_if<chroma::RequestError>()) {
    std::cout << "  failed at stage " << request->stage << ": " << request->code.message() << '\n';
  }
  if (const auto* api = error.get_if<chroma::ApiError>()) {
    std::cout << "  status " << api->status << ", name " << api->name << '\n';
  }
  if (const auto* validation = error.get_if<chroma::ValidationError>()) {
    std::cout << "  field " << validation->field << '\n';
  }
}

}  // namespace

int main() try {
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());

  // No server listens on port 1, and retries would not change that.
  chroma::ChromaHttpClientOptions unreachable_options;
  unreachable_options.endpoint = "http://127.0.0.1:1";
  unreachable_options.retry_options.max_retries = 0;
  chroma::ChromaHttpClient unreachable(runtime.executor(), unreachable_options);
  show("no server", runtime.block_on(chroma::as_result(unreachable.heartbeat())).error());

  show("no such collection", runtime.block_on(chroma::as_result(client.get_collection("missing"))).error());

  auto collection = runtime.block_on(client.get_or_create_collection("errors_example"));
  chroma::AddRequest invalid({"a", "b"}, {{1, 2, 3}, {1, 2}});
  show("rows of different lengths", runtime.block_on(chroma::as_result(collection.add(invalid))).error());
  runtime.block_on(client.delete_collection("errors_example"));

  try {
    chroma::ChromaHttpClientOptions invalid_options;
    invalid_options.endpoint = "localhost:8000";
    chroma::ChromaHttpClient never_made(runtime.executor(), invalid_options);
  } catch (const chroma::ChromaHttpClientOptionsError& error) {
    std::cout << "invalid options:\n  " << error.what() << '\n';
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

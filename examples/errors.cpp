// What each failure looks like, and what can be read from it.
#include <chroma/chroma.hpp>

#include <iostream>

namespace {

void show(const char* what, const chroma::ChromaHttpClientError& error) {
  std::cout << what << ":\n  " << error.what() << "\n  operation " << error.operation() << ", attempts "
            << error.attempts() << (error.is_retryable() ? ", worth trying again" : "") << '\n';
  if (const auto* request = error.get_if<chroma::RequestError>()) {
    std::cout << "  failed at stage " << request->stage << ": " << request->code.message() << '\n';
  }
  if (const auto* api = error.get_if<chroma::ApiError>()) {
    std::cout << "  status " << api->status << ", the server calls it " << api->name << '\n';
  }
  if (const auto* validation = error.get_if<chroma::ValidationError>()) {
    std::cout << "  field " << validation->field << '\n';
  }
}

}  // namespace

int main() try {
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());

  // Nothing listens on port 1, and waiting for it is of no use here.
  chroma::ChromaHttpClientOptions nowhere;
  nowhere.endpoint = "http://127.0.0.1:1";
  nowhere.retry_options.max_retries = 0;
  chroma::ChromaHttpClient lost(runtime.executor(), nowhere);
  show("no server", runtime.block_on(chroma::as_result(lost.heartbeat())).error());

  show("no such collection", runtime.block_on(chroma::as_result(client.get_collection("not_there"))).error());

  auto collection = runtime.block_on(client.get_or_create_collection("errors_example"));
  chroma::AddRequest ragged({"a", "b"}, {{1, 2, 3}, {1, 2}});
  show("rows of different length", runtime.block_on(chroma::as_result(collection.add(ragged))).error());
  runtime.block_on(client.delete_collection("errors_example"));

  try {
    chroma::ChromaHttpClientOptions mistaken;
    mistaken.endpoint = "localhost:8000";
    chroma::ChromaHttpClient refused(runtime.executor(), mistaken);
  } catch (const chroma::ChromaHttpClientOptionsError& error) {
    std::cout << "a mistake in the options:\n  " << error.what() << '\n';
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

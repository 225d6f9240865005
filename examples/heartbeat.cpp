// The shortest program: prints the time of the server.
#include <chroma/chroma.hpp>

#include <iostream>

int main() {
  chroma::Runtime runtime;
  auto client = chroma::ChromaHttpClient::from_env(runtime.executor());
  std::cout << runtime.block_on(client.heartbeat()).nanosecond_heartbeat << '\n';
}

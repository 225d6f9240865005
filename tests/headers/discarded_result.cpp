// Compiled by a test, which expects a warning: a result that is discarded hides an error.
#include <chroma/error.hpp>

chroma::Result<int> fallible();

void ignore_the_error() {
  fallible();
}

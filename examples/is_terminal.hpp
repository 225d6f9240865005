#pragma once

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

/// True if a file descriptor is a terminal: 1 is standard output, 2 standard error.
inline bool is_terminal(int descriptor) {
#ifdef _WIN32
  return _isatty(descriptor) != 0;
#else
  return isatty(descriptor) != 0;
#endif
}

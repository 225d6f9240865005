#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace chroma::test {

/// False with ThreadSanitizer, which allows no threads in the child of a process that had several.
constexpr bool has_child_processes() {
#if defined(__SANITIZE_THREAD__)
  return false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  return false;
#else
  return true;
#endif
#else
  return true;
#endif
}

/// Runs the function in a forked child. @return what it returned there; -1 if the child ended otherwise
template <class Function>
int run_in_child(Function function) {
  const pid_t child = fork();
  if (child == 0) _exit(function());
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace chroma::test

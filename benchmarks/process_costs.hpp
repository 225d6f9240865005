#pragma once

#include <ctime>
#include <fstream>
#include <string>

/// The processor time of this process.
inline double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// The peak memory of this program alone: the value of getrusage includes the peak of the process that
/// started it. 0 where there is no such file.
inline double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (double kilobytes = 0; word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

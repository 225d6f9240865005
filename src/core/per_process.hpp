#pragma once

#include <chroma/export.hpp>

#include <atomic>

namespace chroma::core {

/// The number that the system gave this process.
[[nodiscard]] CHROMA_API int process_id() noexcept;

/// An object that one process has once. A child that was forked gets a new object, because the threads of its
/// parent do not exist there, and one of them may have held a lock of the object. No object is destroyed,
/// since threads may use it until the process ends. Thread-safe.
template <class T>
class PerProcess {
 public:
  constexpr PerProcess() noexcept = default;
  PerProcess(const PerProcess&) = delete;
  PerProcess& operator=(const PerProcess&) = delete;

  [[nodiscard]] T& get() {
    const int process = process_id();
    Entry* entry = newest_.load();
    while (entry == nullptr || entry->process != process) {
      auto* fresh = new Entry{process, entry, {}};
      if (newest_.compare_exchange_strong(entry, fresh)) return fresh->object;
      delete fresh;
    }
    return entry->object;
  }

 private:
  struct Entry {
    int process;
    Entry* of_parent;  ///< Keeps the parent's object reachable for leak detectors.
    T object;
  };
  std::atomic<Entry*> newest_ = nullptr;
};

}  // namespace chroma::core

// The allocation functions of the program: operator new, and what the linker's option --wrap redirects here.

#include "failing_allocation.hpp"

#include <cstdlib>
#include <limits>
#include <new>

namespace {

using chroma::test::Allocations;

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

thread_local std::size_t allocations_left = never;
thread_local Allocations counted = Allocations::all;
thread_local bool has_failed = false;

bool fails_now() noexcept {
  if (allocations_left == never) return false;
  if (allocations_left > 0) {
    --allocations_left;
    return false;
  }
  allocations_left = never;
  has_failed = true;
  return true;
}

void* allocate(std::size_t size) noexcept {
  return fails_now() ? nullptr : std::malloc(size > 0 ? size : 1);
}

void* allocate_or_throw(std::size_t size) {
  void* memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The names are those that the linker wants.
extern "C" {
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);  // NOLINT
void* __real_realloc(void* memory, std::size_t size);                 // NOLINT

// Asio's own allocations.
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {  // NOLINT
  return counted == Allocations::all && fails_now() ? nullptr : __real_aligned_alloc(alignment, size);
}
void* __wrap_realloc(void* memory, std::size_t size) {  // NOLINT
  return fails_now() ? nullptr : __real_realloc(memory, size);
}
}

void* operator new(std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace chroma::test {

void fail_allocation(std::size_t number, Allocations which) noexcept {
  counted = which;
  has_failed = false;
  allocations_left = number;
}

bool stop_failing() noexcept {
  allocations_left = never;
  return has_failed;
}

}  // namespace chroma::test

#include "counting.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

thread_local counting::Cost spent;
thread_local std::size_t held = 0;

// The size is stored before the block, at a distance that keeps the block aligned.
constexpr std::size_t header = alignof(std::max_align_t);

void* allocate(std::size_t size) noexcept {
  auto* block = static_cast<unsigned char*>(std::malloc(size + header));
  if (block == nullptr) return nullptr;
  *reinterpret_cast<std::size_t*>(block) = size;
  spent.allocated += size;
  held += size;
  spent.peak = std::max(spent.peak, held);
  return block + header;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  auto* block = static_cast<unsigned char*>(memory) - header;
  // Blocks that were allocated before the counting began are not counted.
  held -= std::min(held, *reinterpret_cast<std::size_t*>(block));
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  void* memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}

// Called at each basic block by code that is compiled with -fsanitize-coverage=trace-pc.
extern "C" void __sanitizer_cov_trace_pc() {
  ++spent.steps;
}

namespace counting {

Counter::Counter() noexcept {
  spent = {};
  held = 0;
}

Cost Counter::cost() const noexcept {
  return spent;
}

}  // namespace counting

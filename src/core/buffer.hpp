#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace chroma::core {

/// A growing array of bytes for bodies. Unlike std::string it does not zero memory that it will overwrite,
/// and it grows by realloc, which moves large blocks by remapping pages where the system can, so that a 17 MB
/// response is never held twice.
class Buffer {
 public:
  Buffer() noexcept = default;
  explicit Buffer(std::string_view text) { append(text); }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }

  [[nodiscard]] char* data() noexcept { return data_; }
  [[nodiscard]] const char* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::string_view view() const noexcept { return {data_, size_}; }

  /// Exactly `capacity` bytes are reserved, at the least.
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }

  /// Room for `count` more bytes behind the content, not initialised; `commit` makes them content.
  [[nodiscard]] char* prepare(std::size_t count) {
    if (count > capacity_ - size_) grow(count);
    return data_ + size_;
  }
  void commit(std::size_t count) noexcept { size_ += count; }

  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(prepare(text.size()), text.data(), text.size());
    commit(text.size());
  }
  void push_back(char c) {
    *prepare(1) = c;
    commit(1);
  }
  void clear() noexcept { size_ = 0; }

 private:
  void grow(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / 2 - size_) throw std::bad_alloc();
    std::size_t wanted = size_ + count;
    std::size_t geometric = capacity_ + capacity_ / 2;
    reallocate(wanted > geometric ? wanted : geometric);
  }
  void reallocate(std::size_t capacity) {
    void* moved = std::realloc(data_, capacity);
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<char*>(moved);
    capacity_ = capacity;
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace chroma::core

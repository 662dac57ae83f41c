// Memory for JSON values that tells how much of it is in use.
#pragma once

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/check.hpp"
#include "base/json.hpp"

namespace weft::jsonrpc {

class CountedMemory : public json::memory_resource {
 public:
  // `bytes`: where to count. Shared, since values may keep the memory longer than whoever asks for the count.
  explicit CountedMemory(std::shared_ptr<std::size_t> bytes) : bytes_(std::move(bytes)) {}

 private:
  // As the allocator tells it: Boost's monotonic_resource gives memory back with another size than it asked for.
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    CHECK(alignment <= alignof(std::max_align_t));
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    *bytes_ += ::malloc_usable_size(memory);
    return memory;
  }
  void do_deallocate(void* memory, std::size_t, std::size_t) override {
    *bytes_ -= ::malloc_usable_size(memory);
    std::free(memory);
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }

  std::shared_ptr<std::size_t> bytes_;
};

}  // namespace weft::jsonrpc

// Memory for JSON values that tells how much of it is in use.
#pragma once

#include <memory>
#include <new>

#include "base/json.hpp"

namespace weft::jsonrpc {

class CountedMemory : public json::memory_resource {
 public:
  // `bytes`: where to count. Shared, since values may keep the memory longer than whoever asks for the count.
  explicit CountedMemory(std::shared_ptr<std::size_t> bytes) : bytes_(std::move(bytes)) {}

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    *bytes_ += size;
    return ::operator new(size, std::align_val_t(alignment));
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    *bytes_ -= size;
    ::operator delete(memory, size, std::align_val_t(alignment));
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }

  std::shared_ptr<std::size_t> bytes_;
};

}  // namespace weft::jsonrpc

// Memory for JSON values that knows how much of it is in use.
#pragma once

#include <new>

#include "base/json.hpp"

namespace weft::jsonrpc {

class CountedMemory : public json::memory_resource {
 public:
  std::size_t bytes() const { return bytes_; }

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    bytes_ += size;
    return ::operator new(size, std::align_val_t(alignment));
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    bytes_ -= size;
    ::operator delete(memory, size, std::align_val_t(alignment));
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }

  std::size_t bytes_ = 0;
};

}  // namespace weft::jsonrpc

// Whatever a host's programs say when they are asked how it looks there.
#include <cstddef>
#include <cstdint>

#include "lab/verify_view.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] const auto view = weft::lab::read_view({reinterpret_cast<const char*>(data), size});
  return 0;
}

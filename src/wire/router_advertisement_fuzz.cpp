// Router solicitations from whoever is behind a port.
#include "wire/router_advertisement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)weft::decode_router_solicitation({data, size});
  return 0;
}

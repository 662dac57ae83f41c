// A file of leases that anybody may have written: what is taken is kept, and reads the same.
#include "base/check.hpp"
#include "services/lease_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::services;
  const auto read = read_leases({reinterpret_cast<const char*>(data), size});
  const auto again = read_leases(to_text(read.leases.leases()));
  CHECK(again.bad_lines == 0 && again.leases.size() == read.leases.size());
  return 0;
}

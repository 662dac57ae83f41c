// Whatever a database or an option says: a method that is taken can be told apart again, a refusal has a reason.
#include <cstdint>

#include "base/check.hpp"
#include "stream/method.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto method = weft::stream::parse_method({reinterpret_cast<const char*>(data), size});
  if (!method) {
    CHECK(method.error().tag == "invalid address" && !method.error().details.empty());
  } else if (method->transport == weft::stream::Method::Transport::unix_socket) {
    CHECK(method->path.starts_with('/'));
  } else {
    CHECK(method->is_passive || (!method->host.empty() && method->port != 0));
  }
  return 0;
}

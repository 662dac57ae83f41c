// Any line that a prober, or the program that leads one, may be sent: what is understood is written as a line that
// means the same.
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "prober/protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::prober;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (const auto command = parse_command(line)) {
    const auto again = parse_command(to_line(*command));
    CHECK(again && *again == *command);
  }
  if (const auto report = parse_report(line, 3)) {
    const auto again = parse_report(to_line(*report), 3);
    CHECK(again && *again == *report);
  }
  return 0;
}

// A journal may be anything: it is read, or refused, and what was read is written so that it is read the same again.
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "lab/journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = weft::lab::replay({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  const auto again = weft::lab::replay(weft::lab::lines_of(read->record));
  CHECK(again && again->record == read->record);
  return 0;
}

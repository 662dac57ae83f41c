// However a stream is cut into reads, the same messages come out, or the same refusal.
#include <cstdint>

#include "base/check.hpp"
#include "jsonrpc/framing.hpp"

namespace {

using namespace weft;

std::vector<std::string> read(std::string_view stream, std::size_t step) {
  jsonrpc::MessageReader reader(4096);
  std::vector<std::string> outcome;
  bool good = true;
  for (std::size_t begin = 0; good && begin < stream.size(); begin += step) {
    good = reader.feed(stream.substr(begin, step)).has_value();
    while (auto message = reader.next()) outcome.push_back(to_text(*message));
  }
  outcome.push_back(good ? "open" : "refused");
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  CHECK(read(stream, 1 + data[0]) == read(stream, stream.size() + 1));
  return 0;
}

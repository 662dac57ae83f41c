// Whatever arrives at the sockets of a prober: frames, answers to its questions, packets on the underlay.
#include <cstddef>

#include "base/check.hpp"
#include "prober/test_frame.hpp"
#include "prober/tunnel_packet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  const ByteView bytes(data, size);
  if (const auto frame = prober::decode_test_frame(bytes)) {
    CHECK(prober::decode_test_frame(prober::encode(*frame)) == frame);
  }
  [[maybe_unused]] const auto answer = prober::decode_answer(bytes);
  [[maybe_unused]] const auto captured = prober::decode_tunnel_packet(bytes, 4789, 1);
  return 0;
}

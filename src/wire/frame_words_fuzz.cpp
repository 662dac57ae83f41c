// Frames in words and as hex, from whoever calls the program, and the bytes of frames: whatever is taken can be told,
// and what was told reads as the same frame.
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "wire/frame_words.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = weft::read_frame(text)) (void)weft::to_words(weft::decode_frame(*bytes).value());
  const auto frame = weft::decode_frame({data, size});
  if (!frame) return 0;
  const auto words = weft::to_words(*frame);
  const auto told = weft::parse_frame_words(words);
  CHECK(told);
  CHECK(weft::to_words(*told) == words);
  return 0;
}

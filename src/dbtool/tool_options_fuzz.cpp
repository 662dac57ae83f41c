// Any words behind "ovsdb-tool": options are taken or refused with a reason; what is left came from the line.
#include <algorithm>
#include <cstdint>

#include "base/check.hpp"
#include "base/fuzz_words.hpp"
#include "dbtool/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto words = weft::fuzz_words(data, size);
  if (std::ranges::any_of(words, weft::is_fuzz_word_about_log)) return 0;
  const auto parsed = weft::dbtool::parse_options(words);
  CHECK(parsed || !parsed.error().details.empty());
  if (!parsed) return 0;
  for (const auto& word : parsed->rest) CHECK(std::ranges::find(words, word) != words.end());
  return 0;
}

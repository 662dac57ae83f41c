// Any words behind "ovsdb-tool": options are taken or refused with a reason; what is left came from the line.
#include <algorithm>
#include <cstdint>

#include "base/check.hpp"
#include "dbtool/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words;
  for (const char c : std::string_view(reinterpret_cast<const char*>(data), size)) {
    if (c == '\0') continue;  // No argument of a program contains one.
    if (c == '\n' || words.empty()) words.emplace_back();
    if (c != '\n') words.back() += c;
  }
  // Options about the log take effect at once: no files and sockets of whatever name.
  const auto is_about_log = [](const std::string& word) { return word.starts_with("--l") || word.starts_with("--sy"); };
  if (std::ranges::any_of(words, is_about_log)) return 0;
  const auto parsed = weft::dbtool::parse_options(words);
  CHECK(parsed || !parsed.error().details.empty());
  if (!parsed) return 0;
  for (const auto& word : parsed->rest) CHECK(std::ranges::find(words, word) != words.end());
  return 0;
}

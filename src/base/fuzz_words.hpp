// A fuzzer's input as the words of a command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// A word a line. NUL is left out: no argument of a program contains one.
inline std::vector<std::string> fuzz_words(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i != size; ++i) {
    const char c = static_cast<char>(data[i]);
    if (c == '\0') continue;
    if (c == '\n' || words.empty()) words.emplace_back();
    if (c != '\n') words.back() += c;
  }
  return words;
}

/// Whether a word sets where the log goes, which takes effect at once: a fuzzer opens no files and sockets of any name.
inline bool is_fuzz_word_about_log(const std::string& word) {
  return word.starts_with("--l") || word.starts_with("--sy");
}

}  // namespace weft

#include "wire/word_reader.hpp"

#include <fmt/format.h>

#include <charconv>

namespace weft {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::optional<std::uint32_t> parse_number(std::string_view word) {
  const bool is_hex = word.starts_with("0x") || word.starts_with("0X");
  if (is_hex) word.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, is_hex ? 16 : 10);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

WordReader::WordReader(std::string_view text) : text_(text) {
  for (auto begin = text.find_first_not_of(white_space); begin != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(white_space, begin), text.size());
    words_.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(white_space, end);
  }
}

bool WordReader::accept(std::string_view word) {
  if (is_at_end() || words_[next_] != word) return false;
  ++next_;
  return true;
}

Result<std::string_view> WordReader::take(std::string_view expected) {
  if (is_at_end()) return complain_of_next(expected);
  return words_[next_++];
}

Result<> WordReader::expect(std::string_view word) {
  if (!accept(word)) return complain_of_next(fmt::format("\"{}\"", word));
  return {};
}

Result<std::uint32_t> WordReader::number(std::string_view expected, std::uint32_t max) {
  const auto value = parse_number(TRY(take(expected)));
  if (!value || *value > max) return complain_of_last(expected);
  return *value;
}

std::unexpected<Error> WordReader::complain_of_last(std::string_view expected) const {
  return complain(next_ - 1, expected);
}

std::unexpected<Error> WordReader::complain_of_next(std::string_view expected) const {
  return complain(next_, expected);
}

std::unexpected<Error> WordReader::complain(std::size_t word, std::string_view expected) const {
  if (word >= words_.size()) {
    return fail("bad frame",
                fmt::format("the frame ends too early: expected {}\n  {} ...", expected, fmt::join(words_, " ")));
  }
  std::string line;
  std::size_t column = 0;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i == word) column = line.size() + (i > 0 ? 1 : 0);
    line += fmt::format("{}{}", i > 0 ? " " : "", words_[i]);
  }
  return fail("bad frame", fmt::format("bad frame at \"{}\": expected {}\n  {}\n  {:{}}{:^<{}}", words_[word], expected,
                                       line, "", column, "", words_[word].size()));
}

}  // namespace weft

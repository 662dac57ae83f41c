#include "cli/style.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace weft::cli {
namespace {

constexpr char escape = '\033';

// Calls `take(piece, columns)` for each character, and for each escape sequence with 0 columns, until it says false.
template <class Take>
void for_each_piece(std::string_view text, Take take) {
  while (!text.empty()) {
    std::size_t size = 1;
    const bool is_sequence = text.front() == escape;
    if (is_sequence) {
      size = std::min(text.find('m'), text.size() - 1) + 1;
    } else {
      while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    }
    if (!take(text.substr(0, size), is_sequence ? std::size_t{0} : std::size_t{1})) return;
    text.remove_prefix(size);
  }
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

std::string_view first_set(std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (is_set(name)) return std::getenv(name);
  }
  return "";
}

}  // namespace

std::string Style::paint(std::string_view code, std::string_view text) const {
  return has_colours && !text.empty() ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
}

std::string Style::bar(double share, std::size_t width) const {
  constexpr std::array<std::string_view, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto columns = std::clamp(share, 0.0, 1.0) * static_cast<double>(width);
  std::string text;
  if (!has_unicode) return std::string(static_cast<std::size_t>(std::lround(columns)), '#');
  const auto parts = static_cast<std::size_t>(std::lround(columns * 8));
  for (std::size_t i = 0; i < parts / 8; ++i) text += "█";
  text += eighths[parts % 8];
  return text;
}

Style style_of(std::FILE* out) {
  const bool is_terminal = ::isatty(::fileno(out)) == 1 && first_set({"TERM"}) != "dumb";
  const auto locale = first_set({"LC_ALL", "LC_CTYPE", "LANG"});
  const bool is_utf8 = locale.contains("UTF-8") || locale.contains("utf8") || locale.contains("UTF8");
  return {.has_colours = is_terminal && !is_set("NO_COLOR"), .has_unicode = is_utf8};
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for_each_piece(text, [&](std::string_view, std::size_t columns) {
    width += columns;
    return true;
  });
  return width;
}

std::string clip(std::string_view text, std::size_t width) {
  std::string result;
  bool is_painted = false;
  for_each_piece(text, [&](std::string_view piece, std::size_t columns) {
    if (columns > width) return false;
    width -= columns;
    result += piece;
    if (columns == 0) is_painted = piece != "\033[0m";
    return true;
  });
  return is_painted ? result + "\033[0m" : result;
}

}  // namespace weft::cli

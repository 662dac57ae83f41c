// How text looks on the terminal: colours where they are wanted, and widths that do not count what is invisible.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace weft::cli {

struct Style {
  bool has_colours = false;
  bool has_unicode = false;  // Marks and bars beyond ASCII.

  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }

  std::string_view arrow() const { return has_unicode ? "→" : "->"; }
  std::string_view dot() const { return has_unicode ? "·" : "-"; }
  std::string_view tick() const { return has_unicode ? "✓" : "ok"; }
  std::string_view cross() const { return has_unicode ? "✗" : "!!"; }
  // `share` of `width` columns, at most 1.
  std::string bar(double share, std::size_t width) const;

 private:
  std::string paint(std::string_view code, std::string_view text) const;
};

// Colours: a terminal, and the environment says neither NO_COLOR (no-color.org) nor TERM=dumb. Unicode: the locale's
// characters are UTF-8.
Style style_of(std::FILE* out);

// In columns; each character takes one.
std::size_t width_of(std::string_view text);
// The first `width` columns, in no colour at its end.
std::string clip(std::string_view text, std::size_t width);

}  // namespace weft::cli

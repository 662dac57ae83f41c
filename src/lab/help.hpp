// The texts of weft lab --help and of weft lab COMMAND --help: each fits on a screen.
#pragma once

#include <span>
#include <string_view>

namespace weft::lab {

struct HelpPage {
  std::string_view command;  // Empty: of weft lab itself.
  std::string_view text;
};
std::span<const HelpPage> help_pages();

}  // namespace weft::lab

// What weft --help says: each text fits on a screen.
#pragma once

#include <array>
#include <string_view>

namespace weft::inspect {

struct HelpPage {
  std::string_view command;  // Empty: the program's own.
  std::string_view text;
};

const std::array<HelpPage, 5>& help_pages();

}  // namespace weft::inspect

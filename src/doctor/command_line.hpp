// The command line of weft doctor.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "doctor/facts.hpp"

namespace weft::doctor {

struct DoctorCommand {
  Question question = {};
  std::string file = {};  // Of a lab; empty: none.
  bool wants_json = false;
  bool wants_help = false;
};

// `arguments` without "weft doctor". Errors: "usage".
Result<DoctorCommand> parse_command_line(std::span<const std::string> arguments);

std::string_view help_text();

}  // namespace weft::doctor

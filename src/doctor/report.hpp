// Findings for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/style.hpp"
#include "doctor/finding.hpp"

namespace weft::doctor {

std::size_t count(const Findings& findings, Severity severity);

// Grouped; what is not ok with its cure below it.
std::vector<std::string> show_findings(const Findings& findings, const cli::Style& style);

// {"findings": [{"severity", "group", "check", "detail", "cure"}], "problems": 1, "warnings": 2}
json::object findings_json(const Findings& findings);

}  // namespace weft::doctor

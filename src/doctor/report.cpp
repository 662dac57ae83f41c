#include "doctor/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/grid.hpp"

namespace weft::doctor {
namespace {

std::string mark_of(Severity severity, const cli::Style& style) {
  if (severity == Severity::ok) return style.green(style.tick());
  return severity == Severity::warning ? style.yellow("!") : style.red(style.cross());
}

std::string_view name_of(Severity severity) {
  if (severity == Severity::ok) return "ok";
  return severity == Severity::warning ? "warning" : "problem";
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string verdict_on(const Findings& findings, const cli::Style& style) {
  const auto problems = count(findings, Severity::problem);
  const auto warnings = count(findings, Severity::warning);
  if (problems > 0) {
    return style.red(fmt::format(
        "{} would stop Weft here{}.", counted(problems, "problem"),
        warnings > 0 ? fmt::format(", and there {} {}", warnings == 1 ? "is" : "are", counted(warnings, "warning"))
                     : ""));
  }
  if (warnings > 0) return style.yellow(fmt::format("Weft works here, with {}.", counted(warnings, "warning")));
  return style.green("Nothing would stop Weft here.");
}

}  // namespace

std::size_t count(const Findings& findings, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::vector<std::string> show_findings(const Findings& findings, const cli::Style& style) {
  cli::Grid grid("lll");
  std::string group;
  for (const auto& finding : findings) {
    if (finding.group != group) grid.add_line(style.bold(finding.group));
    group = finding.group;
    grid.add({mark_of(finding.severity, style), finding.check, finding.detail});
    if (finding.severity != Severity::ok && !finding.cure.empty()) {
      grid.add({"", "", fmt::format("{} {}", style.arrow(), style.bold(finding.cure))});
    }
  }
  auto lines = grid.lines();
  lines.emplace_back();
  lines.push_back(verdict_on(findings, style));
  return lines;
}

json::object findings_json(const Findings& findings) {
  json::array all;
  for (const auto& finding : findings) {
    json::object one{{"severity", name_of(finding.severity)},
                     {"group", finding.group},
                     {"check", finding.check},
                     {"detail", finding.detail}};
    if (!finding.cure.empty()) one["cure"] = finding.cure;
    all.push_back(std::move(one));
  }
  return {{"findings", std::move(all)},
          {"problems", count(findings, Severity::problem)},
          {"warnings", count(findings, Severity::warning)}};
}

}  // namespace weft::doctor

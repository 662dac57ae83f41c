#include "inspect/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inspect/fields.hpp"

namespace weft::inspect {
namespace {

enum class Look { step, receiver, refusal, loss };

Look look_of(std::string_view decision) {
  if (decision == "copy-to" || decision.starts_with("sent")) return Look::receiver;
  if (decision == "not-back" || decision == "other-vlan" || decision.starts_with("not-to")) return Look::refusal;
  return decision == "dropped" ? Look::loss : Look::step;
}

std::string line_of(const json::object& one, const cli::Style& style) {
  const auto text = text_in(one, "text");
  switch (look_of(text_in(one, "decision"))) {
    case Look::receiver:
      return fmt::format("    {} {}", style.green(style.arrow()), text);
    case Look::refusal:
      return style.dim(fmt::format("    {} {}", style.dot(), text));
    case Look::loss:
      return fmt::format("  {} {}", style.red(style.cross()), text);
    case Look::step:
      break;
  }
  return fmt::format("  {} {}", style.dot(), text);
}

std::vector<std::string> receivers(const json::object& report) {
  std::vector<std::string> names;
  const auto* ports = report.if_contains("sent-to");
  if (ports == nullptr || !ports->is_array()) return names;
  for (const auto& port : ports->as_array()) {
    if (port.is_string()) names.emplace_back(port.as_string());
  }
  return names;
}

}  // namespace

std::vector<std::string> show_trace(const json::value& answer, const cli::Style& style) {
  const auto* report = answer.if_object();
  if (report == nullptr) return {};
  std::vector<std::string> lines{
      fmt::format("{}, {:.0f} bytes", style.bold(text_in(*report, "frame")), number_in(*report, "bytes")),
      fmt::format("on bridge {}:", text_in(*report, "bridge")), ""};
  for (const auto& one : objects_in(answer, "decisions")) lines.push_back(line_of(one, style));
  lines.emplace_back();
  if (const auto* remarks = report->if_contains("remarks"); remarks != nullptr && remarks->is_array()) {
    for (const auto& remark : remarks->as_array()) {
      if (remark.is_string()) lines.push_back(style.yellow(fmt::format("Note: {}.", std::string(remark.as_string()))));
    }
  }
  const auto names = receivers(*report);
  const auto verdict = names.empty()       ? std::string("Nobody gets it")
                       : names.size() == 1 ? fmt::format("{} gets it", names.front())
                                           : fmt::format("{} ports get it: {}", names.size(), fmt::join(names, ", "));
  lines.push_back(fmt::format("{}. Nothing was sent, learned or counted.", style.bold(verdict)));
  return lines;
}

}  // namespace weft::inspect

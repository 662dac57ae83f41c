#include "doctor/doctor.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "cli/program.hpp"
#include "doctor/collect.hpp"
#include "doctor/command_line.hpp"
#include "doctor/judge.hpp"
#include "doctor/lab_question.hpp"
#include "doctor/report.hpp"
#include "topology/read_lab.hpp"

namespace weft::doctor {
namespace {

Result<Question> question_for(const DoctorCommand& command) {
  if (command.file.empty()) return command.question;
  return question_of(TRY(topology::read_file(command.file)), command.question);
}

Result<int> carry_out(const DoctorCommand& command, std::FILE* out) {
  if (command.wants_help) {
    fmt::print(out, "{}", help_text());
    return cli::done;
  }
  const auto question = TRY(question_for(command));
  const auto findings = judge(collect(question), question);
  if (command.wants_json) {
    fmt::print(out, "{}\n", to_text(findings_json(findings)));
  } else {
    for (const auto& line : show_findings(findings, cli::style_of(out))) fmt::print(out, "{}\n", line);
  }
  return count(findings, Severity::problem) == 0 ? cli::done : cli::failed;
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  return cli::run_program(
      "weft doctor", err, [&] { return parse_command_line(arguments); },
      [&](const DoctorCommand& command) { return carry_out(command, out); });
}

}  // namespace weft::doctor

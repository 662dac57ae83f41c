#include "doctor/doctor.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/log_options.hpp"
#include "doctor/collect.hpp"
#include "doctor/command_line.hpp"
#include "doctor/judge.hpp"
#include "doctor/lab_question.hpp"
#include "doctor/report.hpp"
#include "topology/read_lab.hpp"

namespace weft::doctor {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

Result<Question> question_for(const DoctorCommand& command) {
  if (command.file.empty()) return command.question;
  return question_of(TRY(topology::read_file(command.file)), command.question);
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  (void)start_log(LogLevel::emergency);  // What the layers below would log is in the findings.
  const auto command = parse_command_line(arguments);
  if (!command) {
    fmt::print(err, "weft doctor: {}\n", command.error().details);
    return wrong_usage;
  }
  if (command->wants_help) {
    fmt::print(out, "{}", help_text());
    return done;
  }
  const auto question = question_for(*command);
  if (!question) {
    fmt::print(err, "weft doctor: {}\n", question.error().details);
    return failed;
  }
  const auto findings = judge(collect(*question), *question);
  if (command->wants_json) {
    fmt::print(out, "{}\n", to_text(findings_json(findings)));
  } else {
    for (const auto& line : show_findings(findings, cli::style_of(out))) fmt::print(out, "{}\n", line);
  }
  return count(findings, Severity::problem) == 0 ? done : failed;
}

}  // namespace weft::doctor

#include "lab/lab.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/program.hpp"
#include "lab/capture.hpp"
#include "lab/command_line.hpp"

namespace weft::lab {
namespace {

class Program {
 public:
  explicit Program(std::FILE* out) : out_(out) {}

  Result<int> operator()(const Print& command) const {
    std::fputs(command.text.c_str(), out_);
    return cli::done;
  }
  template <class Command>
  Result<int> operator()(const Command& command) const {
    if constexpr (requires { run(command, out_); }) {
      return run(command, out_);
    } else {
      return run(command);
    }
  }

 private:
  std::FILE* out_;
};

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto parse = [&] { return parse_command_line(arguments); };
  const auto carry_out = [&](const auto& command) { return std::visit(Program(out), command); };
  return cli::run_program("weft", err, parse, carry_out);
}

std::optional<int> run_inner_command(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2 || arguments[0] != capture_word) return std::nullopt;
  const auto captured = capture(arguments[1], STDOUT_FILENO);
  if (captured) return cli::done;
  fmt::print(stderr, "weft: {}\n", captured.error().details);
  return cli::failed;
}

}  // namespace weft::lab

#include "lab/lab.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/log_options.hpp"
#include "lab/capture.hpp"
#include "lab/command_line.hpp"

namespace weft::lab {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

class Program {
 public:
  explicit Program(std::FILE* out) : out_(out) {}

  Result<int> operator()(const Print& command) const {
    std::fputs(command.text.c_str(), out_);
    return done;
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
  // What the layers below would log is in the errors.
  if (const auto started = start_log(LogLevel::emergency); !started) {
    fmt::print(err, "weft: {}\n", started.error().details);
    return failed;
  }
  const auto command = parse_command_line(arguments);
  if (!command) {
    fmt::print(err, "weft: {}\n", command.error().details);
    return wrong_usage;
  }
  const auto status = std::visit(Program(out), *command);
  if (status) return *status;
  fmt::print(err, "weft: {}\n", status.error().details);
  return status.error().tag == "usage" ? wrong_usage : failed;
}

std::optional<int> run_inner_command(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2 || arguments[0] != capture_word) return std::nullopt;
  const auto captured = capture(arguments[1], STDOUT_FILENO);
  if (captured) return done;
  fmt::print(stderr, "weft: {}\n", captured.error().details);
  return failed;
}

}  // namespace weft::lab

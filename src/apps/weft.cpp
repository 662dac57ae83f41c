// weft: looks into the switch (src/inspect), makes labs (src/lab), looks at this host (src/doctor). Its inner words are
// how the lab works on a host (src/hosts), and asks there who reaches whom (src/prober).
#include <span>
#include <vector>

#include "doctor/doctor.hpp"
#include "hosts/inner_command.hpp"
#include "inspect/inspect.hpp"
#include "lab/lab.hpp"
#include "prober/await_address.hpp"
#include "prober/prober.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (const auto status = weft::hosts::run_inner_command(arguments)) return *status;
  if (const auto status = weft::lab::run_inner_command(arguments)) return *status;
  if (arguments.size() == 1 && arguments[0] == weft::prober::probe_word) return weft::prober::run();
  if (const auto status = weft::prober::await_address(arguments)) return *status;
  const auto rest = std::span(arguments).subspan(arguments.empty() ? 0 : 1);
  if (!arguments.empty() && arguments[0] == "lab") return weft::lab::run(rest, stdout, stderr);
  if (!arguments.empty() && arguments[0] == "doctor") return weft::doctor::run(rest, stdout, stderr);
  return weft::inspect::run(arguments, stdout, stderr);
}

// weft: looks into the switch (src/inspect). Under other words it is the first process of a lab's host (src/hosts), or
// asks there who reaches whom (src/prober).
#include <vector>

#include "hosts/simulated_host.hpp"
#include "inspect/inspect.hpp"
#include "prober/prober.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (arguments.size() == 4 && arguments[0] == weft::hosts::init_word) {
    weft::hosts::run_host_init(arguments[1], arguments[2], arguments[3]);
  }
  if (arguments.size() == 1 && arguments[0] == weft::prober::probe_word) return weft::prober::run();
  return weft::inspect::run(arguments, stdout, stderr);
}

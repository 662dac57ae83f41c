// weft: looks into the switch (src/inspect). Under another word it is the first process of a lab's host (src/hosts).
#include <vector>

#include "hosts/simulated_host.hpp"
#include "inspect/inspect.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (arguments.size() == 4 && arguments[0] == weft::hosts::init_word) {
    weft::hosts::run_host_init(arguments[1], arguments[2], arguments[3]);
  }
  return weft::inspect::run(arguments, stdout, stderr);
}

// weft: looks into the switch. See src/inspect.
#include <vector>

#include "inspect/inspect.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weft::inspect::run(arguments, stdout, stderr);
}

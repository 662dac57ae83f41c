// ovs-vsctl: main.
#include <cstdio>
#include <string>
#include <vector>

#include "vsctl/vsctl.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weft::vsctl::run(arguments, stdout, stderr);
}

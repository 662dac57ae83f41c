// ovsdb-tool: main.
#include <cstdio>
#include <string>
#include <vector>

#include "dbtool/dbtool.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weft::dbtool::run(arguments, stdout, stderr);
}

// ovsdb-server: main.
#include <cstdio>
#include <string>
#include <vector>

#include "dbserver/dbserver.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weft::dbserver::run(arguments, stdout, stderr);
}

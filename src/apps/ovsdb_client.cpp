// ovsdb-client: main.
#include <cstdio>
#include <string>
#include <vector>

#include "dbclient/dbclient.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return weft::dbclient::run(arguments, stdout, stderr);
}

// What every program of the benchmarks does with an error: it says it, and fails.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace bench {

// Exit status of program `name`, whose work is `run`.
template <class Run>
int run_program(const char* name, const Run& run) {
  try {
    return run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace bench

#include "base/process_name.hpp"

#include <fstream>

namespace weft {

std::string describe_process(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  if (!std::getline(file, name)) return fmt::format("pid {}", pid);
  return fmt::format("{} (pid {})", name, pid);
}

}  // namespace weft

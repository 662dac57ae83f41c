// Commands about one container, VM or host of a lab: exec, shell, capture.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "hosts/place.hpp"

namespace weft::lab {

struct ExecCommand {
  std::string node = {}, lab = {};
  std::vector<std::string> words = {};
};
struct ShellCommand {
  std::string node = {}, lab = {};
};
struct ConsoleCommand {
  std::string node = {}, lab = {};
};
struct CaptureCommand {
  std::string node = {}, lab = {};
  std::string file = {};    // Empty: standard output.
  std::string device = {};  // Empty: the node's own; of a host the underlay's.
};

// This process becomes the command; they return only with an error.
Result<int> run(const ExecCommand& command);
Result<int> run(const ShellCommand& command);  // Of a VM: its console.
Result<int> run(const ConsoleCommand& command);
Result<int> run(const CaptureCommand& command);

}  // namespace weft::lab

// The probers of all hosts of a lab, led together: each command goes to all of them at once, and their reports are
// brought together.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hosts/line_process.hpp"
#include "lab/verify_roll.hpp"
#include "prober/protocol.hpp"

namespace weft::lab {

class Crew {
 public:
  using Places = std::map<std::string, hosts::Place>;
  using Reports = std::vector<prober::Report>;

  // Starts a prober on each host that has endpoints. Errors: one does not start.
  static Result<Crew> start(const Roll& roll, const Places& places);

  // Errors: a prober's own, with its host; no answer.
  Result<Reports> tell_all(const prober::Command& command);
  Result<Reports> tell_each(const std::function<prober::Command(const std::string& host)>& command_for);
  Result<Reports> tell(const std::string& host, const prober::Command& command);

 private:
  explicit Crew(std::size_t endpoint_count) : endpoint_count_(endpoint_count) {}
  Result<Reports> converse(const std::string& host, hosts::LineProcess& process, const prober::Command& command) const;

  std::size_t endpoint_count_;
  std::map<std::string, hosts::LineProcess> probers_;  // By host.
};

}  // namespace weft::lab

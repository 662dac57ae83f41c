#include "lab/port_check.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <sstream>
#include <thread>

namespace weft::lab {
namespace {

// Of one interface a line: its name, a tab, what is wrong with it.
constexpr std::string_view script =
    "ovs-vsctl --format=csv --no-headings --data=bare --columns=name,error find Interface 'error!=[]'";

// By host, the ports of the lab that a database has.
std::map<std::string, std::set<std::string>> ports_of(std::span<const Object> objects) {
  std::map<std::string, std::set<std::string>> ports;
  for (const auto& object : objects) {
    for (auto& port : ports_plugged_by(object)) ports[object.id.host].insert(std::move(port));
  }
  return ports;
}

Result<> look_at_ports(const std::map<std::string, std::set<std::string>>& ports_by_host, HostCarrier& carrier) {
  for (const auto& [host, ports] : ports_by_host) {
    std::istringstream lines(TRY(carrier.ask(host, std::string(script))));
    for (std::string line; std::getline(lines, line);) {
      const auto comma = line.find(',');
      if (comma == std::string::npos || !ports.contains(line.substr(0, comma))) continue;
      return fail("port", fmt::format("{}: the switch did not take port {}: {}", host, line.substr(0, comma),
                                      line.substr(comma + 1)));
    }
  }
  return {};
}

// A switch hears of what has just changed on its host, a device that came up for one, a little later.
constexpr std::chrono::seconds settle_within{5};
constexpr std::chrono::milliseconds look_again_after{50};

}  // namespace

Result<> check_ports(std::span<const Object> objects, HostCarrier& carrier) {
  const auto ports = ports_of(objects);
  for (const auto end = std::chrono::steady_clock::now() + settle_within;;) {
    auto found = look_at_ports(ports, carrier);
    if (found || found.error().tag != "port" || std::chrono::steady_clock::now() > end) return found;
    std::this_thread::sleep_for(look_again_after);
  }
}

}  // namespace weft::lab

#include "lab/port_check.hpp"

#include <fmt/format.h>

#include <set>
#include <sstream>

namespace weft::lab {
namespace {

// Of one interface a line: its name, a tab, what is wrong with it.
constexpr std::string_view script =
    "ovs-vsctl --format=csv --no-headings --data=bare --columns=name,error find Interface 'error!=[]'";

// By host, the ports of the lab that a database has.
std::map<std::string, std::set<std::string>> ports_of(std::span<const Object> objects) {
  std::map<std::string, std::set<std::string>> ports;
  for (const auto& object : objects) {
    for (const auto& command : object.create) {
      if (command.tool != Command::Tool::vsctl || !command.text.starts_with("add-port ")) continue;
      std::istringstream words(command.text);
      std::string verb, bridge, port;
      words >> verb >> bridge >> port;
      ports[object.id.host].insert(port);
    }
  }
  return ports;
}

}  // namespace

Result<> check_ports(std::span<const Object> objects, HostCarrier& carrier) {
  for (const auto& [host, ports] : ports_of(objects)) {
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

}  // namespace weft::lab

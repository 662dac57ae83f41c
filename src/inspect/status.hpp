// weft status: bridges and their ports on one screen, and what is wrong.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/style.hpp"

namespace weft::inspect {

struct StatusPort {
  std::string name = {};
  std::string kind = {};            // "internal", "veth", "vxlan", ...; empty: a physical device, or unknown.
  std::string vlan = {};            // "VLAN 10", "VLANs 1, 2"; empty: everything.
  std::string tunnel = {};          // "VNI 100 to 239.0.0.1, UDP port 4789"
  std::uint32_t mtu_bytes = 0;      // Of its device; 0: unknown.
  std::uint32_t carries_bytes = 0;  // The largest packet that goes through, of a tunnel; 0: it is none, or not known.
  bool is_in_switch = false;
  bool is_up = false;  // Set up, and something at the other end.
  double rx_bytes = 0, tx_bytes = 0;
  std::uint64_t dropped_frames = 0;
  std::string problem = {};  // Empty: it works.
};

struct StatusBridge {
  std::string name = {};
  std::vector<StatusPort> ports = {};

  // The largest packet that all its tunnels carry; 0: it has none.
  std::uint32_t carries_bytes() const;
};

using Status = std::vector<StatusBridge>;

// The database's tables Bridge, Port and Interface, in one transaction.
json::array status_request();

// From the database's reply to it, and weftd's answers to weft/ports and weft/drops. Error: the reply is none.
Result<Status> read_status(const json::value& reply, const json::value& ports, const json::value& drops);

std::size_t count_problems(const Status& status);
std::vector<std::string> show_status(const Status& status, const cli::Style& style);
json::object status_json(const Status& status);

}  // namespace weft::inspect

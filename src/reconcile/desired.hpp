// From the configuration to what the switch should be: the rules of ovs-vswitchd.conf.db(5), as far as Weft has them.
// Whatever is wrong about one interface is said in that interface's error and breaks nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "reconcile/configuration.hpp"

namespace weft::reconcile {

// What becomes of one row of table Interface.
struct WantedInterface {
  Uuid uuid = {};
  std::string device = {};
  std::string bridge = {};
  bool is_port = false;      // It is among the bridge's ports in Wanted::desired.
  bool is_internal = false;  // Its device is one that Weft makes.
  std::uint16_t ofport = 0;  // Of a port; kept for it while its device is away.
  std::string error = {};    // What is wrong with the configuration; empty: nothing.
};

struct Wanted {
  model::Desired desired = {};
  std::vector<WantedInterface> interfaces = {};   // Every Interface row that a bridge reaches, once.
  std::map<Uuid, std::string> datapath_ids = {};  // Of Bridge rows that ask for one, 16 hex digits.
};

// `ofports`: the number each interface had last, which the row does not say while its device is away.
Wanted wanted_from(const Configuration& configuration, const std::map<Uuid, std::uint16_t>& ofports);

}  // namespace weft::reconcile

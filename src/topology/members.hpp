// Groups of hosts and endpoints: "count: 3" after "web" makes web1, web2 and web3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topology/complaints.hpp"

namespace weft::topology {

// Without a count, the name alone.
std::vector<std::string> member_names(std::string_view name, std::optional<std::uint32_t> count);

// Names that stand for one thing each, and where each was given.
class TakenNames {
 public:
  // Complains where the name is taken, and returns false then.
  bool take(const std::string& name, Place place, Complaints& complaints);

 private:
  std::map<std::string, Place> places_;
};

}  // namespace weft::topology

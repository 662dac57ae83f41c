// What there is on the lab's hosts, counted, so that it can be shown to be gone afterwards.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/json.hpp"
#include "lab/carrier.hpp"

namespace weft::lab {

// By kind, in the words of people: "devices" -> {"lu-br0", "veth0"}.
using Things = std::map<std::string, std::set<std::string>, std::less<>>;
using Census = std::map<std::string, Things>;  // By host.

// The kinds, in the order of tables.
std::span<const std::string_view> census_kinds();

// The script that counts on one host, and what its output says. `is_simulated`: its processes are all the lab's, and
// what they hold in the kernel.
std::string census_script(bool is_simulated);
Things read_census(std::string_view output);

// What came with the lab and is still there. Pure.
Census left_over(const Census& before, const Census& during, const Census& after);
std::size_t count(const Census& census, std::string_view kind);
// One a line: "devices on host1: veth0, veth1".
std::vector<std::string> tell(const Census& census);

json::object to_json(const Census& census);
Census census_from_json(const json::value& value);

// Counts on the named hosts, side by side. Those that cannot be asked have nothing, as a simulated host that has ended.
Census take_census(HostCarrier& carrier, std::span<const std::string> hosts);
// Whether the kernel still has the program or map that a census named; anything else: no.
bool is_in_kernel(std::string_view kind, std::string_view thing);

}  // namespace weft::lab

// fdb/show, fdb/flush, fdb/add, fdb/del of a running switch, as ovs-vswitchd(8) tells them, over the datapath's
// addresses.
#pragma once

#include <string>
#include <vector>

#include "kernel/kernel_host.hpp"
#include "unixctl/command_table.hpp"

namespace weft::kernel {

// `host` outlives the table.
void add_address_commands(unixctl::CommandTable& table, KernelHost& host);

// The table of fdb/show: what was put there first, then from the longest silent address to the one that spoke last.
std::string describe_addresses(std::vector<Address> addresses, const PortTable& ports);

}  // namespace weft::kernel

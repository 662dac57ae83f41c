// The commands' handlers, by the file that has them. The command table is their only reader.
#pragma once

#include "vsctl/command.hpp"

namespace weft::vsctl {

// switch_commands.cpp
Result<Outcome> do_nothing(Context& context);  // init, comment: what they do happens to every line.
Result<Outcome> emer_reset(Context& context);
// show.cpp
Result<Outcome> show(Context& context);

// bridge_commands.cpp
Result<Outcome> add_br(Context& context);
Result<Outcome> del_br(Context& context);
Result<Outcome> list_br(Context& context);
Result<Outcome> br_exists(Context& context);
Result<Outcome> br_to_vlan(Context& context);
Result<Outcome> br_to_parent(Context& context);
Result<Outcome> br_set_external_id(Context& context);
Result<Outcome> br_get_external_id(Context& context);

// port_commands.cpp
Result<Outcome> list_ports(Context& context);
Result<Outcome> add_port(Context& context);
Result<Outcome> add_bond(Context& context);
Result<Outcome> del_port(Context& context);
Result<Outcome> port_to_br(Context& context);

// interface_commands.cpp
Result<Outcome> add_bond_iface(Context& context);
Result<Outcome> del_bond_iface(Context& context);
Result<Outcome> list_ifaces(Context& context);
Result<Outcome> iface_to_br(Context& context);

// controller_commands.cpp
Result<Outcome> get_controller(Context& context);
Result<Outcome> del_controller(Context& context);
Result<Outcome> set_controller(Context& context);
Result<Outcome> get_fail_mode(Context& context);
Result<Outcome> del_fail_mode(Context& context);
Result<Outcome> set_fail_mode(Context& context);
Result<Outcome> get_manager(Context& context);
Result<Outcome> del_manager(Context& context);
Result<Outcome> set_manager(Context& context);
Result<Outcome> get_ssl(Context& context);
Result<Outcome> del_ssl(Context& context);
Result<Outcome> set_ssl(Context& context);

// query_commands.cpp
Result<Outcome> list_records(Context& context);
Result<Outcome> find_records(Context& context);
Result<Outcome> get_columns(Context& context);
Result<Outcome> wait_until(Context& context);

// record_commands.cpp
Result<Outcome> set_columns(Context& context);
Result<Outcome> add_values(Context& context);
Result<Outcome> remove_values(Context& context);
Result<Outcome> clear_columns(Context& context);
Result<Outcome> create_record(Context& context);
Result<Outcome> destroy_records(Context& context);

// auto_attach_commands.cpp
Result<Outcome> add_aa_mapping(Context& context);
Result<Outcome> del_aa_mapping(Context& context);
Result<Outcome> get_aa_mapping(Context& context);

// datapath_commands.cpp
Result<Outcome> add_zone_tp(Context& context);
Result<Outcome> del_zone_tp(Context& context);
Result<Outcome> list_zone_tp(Context& context);
Result<Outcome> list_dp_cap(Context& context);

}  // namespace weft::vsctl

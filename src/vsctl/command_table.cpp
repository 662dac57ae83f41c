#include "vsctl/command_table.hpp"

#include "vsctl/handlers.hpp"

namespace weft::vsctl {
namespace {

using enum CommandGroup;
using enum Access;

// clang-format off
constexpr CommandSyntax commands[] = {
    {"init", 0, 0, "", "", changes, open_vswitch, "make the database's first row", do_nothing},
    {"show", 0, 0, "", "", reads, open_vswitch, "print bridges, ports and interfaces", show},
    {"emer-reset", 0, 0, "", "", changes, open_vswitch, "forget controllers, managers, SSL, mirrors", emer_reset},
    {"comment", 0, any_number, "*ARG", "", reads, open_vswitch, "only appear in the database's log", do_nothing},

    {"add-br", 1, 3, "!NEW-BRIDGE ?PARENT ?NEW-VLAN", "--may-exist", changes, bridge, "make a bridge, or one for a VLAN of PARENT", add_br},
    {"del-br", 1, 1, "!BRIDGE", "--if-exists", changes, bridge, "delete a bridge and its ports", del_br},
    {"list-br", 0, 0, "", "--real --fake", reads, bridge, "print the names of all bridges", list_br},
    {"br-exists", 1, 1, "!BRIDGE", "", reads, bridge, "exit with status 2 if there is none", br_exists},
    {"br-to-vlan", 1, 1, "!BRIDGE", "", reads, bridge, "print its VLAN, 0 for a real bridge", br_to_vlan},
    {"br-to-parent", 1, 1, "!BRIDGE", "", reads, bridge, "print its parent, or itself", br_to_parent},
    {"br-set-external-id", 2, 3, "!BRIDGE !KEY ?VALUE", "", changes, bridge, "set or remove an external id", br_set_external_id},
    {"br-get-external-id", 1, 2, "!BRIDGE ?KEY", "", reads, bridge, "print external ids", br_get_external_id},

    {"list-ports", 1, 1, "!BRIDGE", "", reads, port, "print the names of its ports", list_ports},
    {"add-port", 2, any_number, "!BRIDGE !NEW-PORT *COLUMN?:KEY=VALUE", "--may-exist", changes, port, "attach a network device to a bridge", add_port},
    {"add-bond", 4, any_number, "!BRIDGE !BOND +IFACE *COLUMN?:KEY=VALUE", "--may-exist --fake-iface", changes, port, "attach several devices as one port", add_bond},
    {"del-port", 1, 2, "?BRIDGE !PORT|IFACE", "--if-exists --with-iface", changes, port, "detach a port", del_port},
    {"port-to-br", 1, 1, "!PORT", "", reads, port, "print the bridge it is on", port_to_br},
    {"add-bond-iface", 2, 2, "!BOND !IFACE", "--may-exist", changes, port, "add a device to a bond", add_bond_iface},
    {"del-bond-iface", 1, 2, "?BOND !IFACE", "--if-exists", changes, port, "take a device out of its bond", del_bond_iface},

    {"list-ifaces", 1, 1, "!BRIDGE", "", reads, interface, "print the names of its interfaces", list_ifaces},
    {"iface-to-br", 1, 1, "!IFACE", "", reads, interface, "print the bridge it is on", iface_to_br},

    {"get-controller", 1, 1, "!BRIDGE", "", reads, controller, "print its controllers", get_controller},
    {"del-controller", 1, 1, "!BRIDGE", "", changes, controller, "forget them", del_controller},
    {"set-controller", 1, any_number, "!BRIDGE +TARGET", "--inactivity-probe=", changes, controller, "set them", set_controller},
    {"get-fail-mode", 1, 1, "!BRIDGE", "", reads, controller, "print what it does without a controller", get_fail_mode},
    {"del-fail-mode", 1, 1, "!BRIDGE", "", changes, controller, "go back to the default", del_fail_mode},
    {"set-fail-mode", 2, 2, "!BRIDGE !MODE", "", changes, controller, "standalone or secure", set_fail_mode},

    {"get-manager", 0, 0, "", "", reads, manager, "print other ways to the database", get_manager},
    {"del-manager", 0, 0, "", "", changes, manager, "forget them", del_manager},
    {"set-manager", 1, any_number, "+TARGET", "--inactivity-probe=", changes, manager, "set them", set_manager},

    {"get-ssl", 0, 0, "", "", reads, ssl, "print the SSL settings", get_ssl},
    {"del-ssl", 0, 0, "", "", changes, ssl, "forget them", del_ssl},
    {"set-ssl", 3, 3, "!PRIVATE-KEY !CERTIFICATE !CA-CERT", "--bootstrap", changes, ssl, "set them", set_ssl},

    {"add-aa-mapping", 3, 3, "!BRIDGE !I-SID !VLAN", "", changes, auto_attach, "map a VLAN to a service", add_aa_mapping},
    {"del-aa-mapping", 3, 3, "!BRIDGE !I-SID !VLAN", "", changes, auto_attach, "forget the mapping", del_aa_mapping},
    {"get-aa-mapping", 1, 1, "!BRIDGE", "", reads, auto_attach, "print the mappings", get_aa_mapping},

    {"add-zone-tp", 3, any_number, "!DATAPATH !zone=ID +NAME=SECONDS", "--may-exist", changes, datapath, "limit how long connections are kept", add_zone_tp},
    {"del-zone-tp", 2, 2, "!DATAPATH !zone=ID", "--if-exists", changes, datapath, "lift the limits", del_zone_tp},
    {"list-zone-tp", 1, 1, "!DATAPATH", "", reads, datapath, "print the limits of all zones", list_zone_tp},
    {"list-dp-cap", 1, 1, "!DATAPATH", "", reads, datapath, "print what the datapath can do", list_dp_cap},

    {"list", 1, any_number, "!TABLE *RECORD", "--if-exists --columns=", reads, database, "print records, or all of a table", list_records},
    {"find", 1, any_number, "!TABLE *COLUMN?:KEY=VALUE", "--columns=", reads, database, "print records that satisfy all conditions", find_records},
    {"get", 2, any_number, "!TABLE !RECORD *COLUMN?:KEY", "--if-exists --id=", reads, database, "print columns or values of keys", get_columns},
    {"set", 3, any_number, "!TABLE !RECORD +COLUMN?:KEY=VALUE", "--if-exists", changes, database, "set columns or values of keys", set_columns},
    {"add", 4, any_number, "!TABLE !RECORD !COLUMN +?KEY=VALUE", "--if-exists", changes, database, "add elements to a column", add_values},
    {"remove", 4, any_number, "!TABLE !RECORD !COLUMN +KEY|VALUE|KEY=VALUE", "--if-exists", changes, database, "remove elements from a column", remove_values},
    {"clear", 3, any_number, "!TABLE !RECORD +COLUMN", "--if-exists", changes, database, "empty columns", clear_columns},
    {"create", 2, any_number, "!TABLE +COLUMN?:KEY=VALUE", "--id=", changes, database, "make a record and print its UUID", create_record},
    {"destroy", 1, any_number, "!TABLE *RECORD", "--if-exists --all", changes, database, "delete records", destroy_records},
    {"wait-until", 2, any_number, "!TABLE !RECORD *COLUMN?:KEY=VALUE", "", reads, database, "wait for a record and its values", wait_until},
};
// clang-format on

// What people need not read as --commands prints it.
constexpr std::pair<std::string_view, std::string_view> readable_parts[] = {
    {"?:KEY", "[:KEY]"}, {"?KEY=", "[KEY=]"}, {"COLUMN", "COL"}, {"NEW-", ""}};

std::string readable(std::string_view argument) {
  const char occurrence = argument.front();
  std::string text(argument.substr(1));
  for (const auto& [printed, read] : readable_parts) {
    if (const auto place = text.find(printed); place != std::string::npos) text.replace(place, printed.size(), read);
  }
  switch (occurrence) {
    case '?':
      return "[" + text + "]";
    case '*':
      return "[" + text + "]...";
    case '+':
      return text + "...";
    default:
      return text;
  }
}

}  // namespace

std::span<const CommandSyntax> all_commands() { return commands; }

const CommandSyntax* find_command(std::string_view name) {
  const auto* found = std::ranges::find(commands, name, &CommandSyntax::name);
  return found == std::end(commands) ? nullptr : found;
}

std::vector<std::string_view> options_of(const CommandSyntax& command) {
  std::vector<std::string_view> options;
  for (auto rest = command.options; !rest.empty();) {
    const auto space = rest.find(' ');
    options.push_back(rest.substr(0, space));
    rest = space == std::string_view::npos ? "" : rest.substr(space + 1);
  }
  return options;
}

std::optional<OptionArgument> option_of(const CommandSyntax& command, std::string_view option) {
  for (auto known : options_of(command)) {
    const bool takes_argument = known.ends_with('=');
    if (takes_argument) known.remove_suffix(1);
    if (known == option) return takes_argument ? OptionArgument::required : OptionArgument::none;
  }
  return std::nullopt;
}

std::string readable_arguments(const CommandSyntax& command) {
  std::string text;
  for (auto rest = command.arguments; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    text += (text.empty() ? "" : " ") + readable(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

}  // namespace weft::vsctl

#include "doctor/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace weft::doctor {
namespace {

constexpr std::string_view help = R"(weft doctor - what on this host would stop Weft, and the cure.

Usage: weft doctor [OPTION]...
  --file=LAB.yaml   what this lab needs: its group and port, virtual machines,
                    images, hosts elsewhere
  --device=DEVICE   the underlay's device (default: where the route to the group
                    leads, else the default route)
  --group=ADDRESS   the tunnels' multicast group
  --port=PORT       the tunnels' UDP port (default: 4789)
  --vms             virtual machines are wanted
  --json            for programs

Looks at the kernel, rights, BPF, kinds of devices, the underlay with its MTU and
multicast, the firewall, other switches, KVM, libvirt, podman, disks and limits.
Devices are only tried out in a namespace that ends with the program; nothing is
changed, and no kernel module is loaded.

A line for each: ok, ! for what only limits Weft, and a cross for what would stop
it; below it a command that helps. Exit status: 0; 1 when something would stop
Weft; 2 when the command line is wrong.

Examples:
  weft doctor
  weft doctor --file=examples/two-hosts.yaml
  weft doctor --device=eth1 --group=239.0.0.1
  weft doctor --json | jq '.findings[] | select(.severity != "ok")'
)";

}  // namespace

std::string_view help_text() { return help; }

Result<DoctorCommand> parse_command_line(std::span<const std::string> arguments) {
  DoctorCommand command;
  std::string group;
  CLI::App app;
  app.set_help_flag("");
  app.add_flag("-h,--help", command.wants_help);
  app.add_flag("--json", command.wants_json);
  app.add_option("--file,-f", command.file);
  app.add_option("--device", command.question.device);
  app.add_option("--group", group);
  app.add_option("--port", command.question.udp_port)->check(CLI::Range(1, 65535));
  app.add_flag("--vms", command.question.wants_machines);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return fail("usage", fmt::format("{} (weft doctor --help tells what there is)", error.what()));
  }
  if (!group.empty()) {
    command.question.group = IpAddress::parse(group);
    if (!command.question.group || !command.question.group->is_multicast()) {
      return fail("usage", fmt::format("--group={}: expected a multicast address, such as 239.0.0.1", group));
    }
  }
  return command;
}

}  // namespace weft::doctor

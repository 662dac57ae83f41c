#include "inspect/help.hpp"

namespace weft::inspect {
namespace {

constexpr std::array<HelpPage, 5> pages = {{
    {"", R"(weft - makes networks of containers and virtual machines, and looks into the switch.

Usage: weft COMMAND [ARGUMENT]... [OPTION]...
  lab COMMAND               a network over several hosts, from one file: up, down, ...
  status                    bridges, ports, tunnels, and what is wrong
  top [BRIDGE|PORT]         who sends and receives how much, live
  drops [BRIDGE|PORT]       what the switch dropped, where and why; --watch: live
  trace BRIDGE PORT FRAME   what the switch would do with a frame, step by step
  doctor                    what on this host would stop Weft, and the cure

Options of every command:
  --json         for programs
  -h, --help     about the command, with examples
  -V, --version  the version

Examples:
  weft lab up examples/two-hosts.yaml
  weft status
  weft drops --watch
  weft trace lu-br0 veth0 "52:54:00:00:00:01 > broadcast arp who-has 10.0.0.2 tell 10.0.0.1"

Exit status: 0; 1 when it could not be done, or (status) something is wrong;
2 when the command line is wrong. Environment: OVS_RUNDIR, where weftd has its
run directory; NO_COLOR. Needs root, as weftd's control socket does.
)"},
    {"status", R"(weft status - bridges, ports, tunnels, and what is wrong.

Usage: weft status [--json]
  --json         for programs

A line for each port: whether it works, its name, the kind of its device, bytes
in and out since the device was made, dropped frames, VLANs, tunnel. Below it,
what is wrong, in the words of the Interface's error column.

Exit status: 0 when nothing is wrong; 1 when something is, or weftd is not
running.

Examples:
  weft status
  weft status --json | jq '.bridges[].ports[] | select(.problem)'
)"},
    {"top", R"(weft top - who sends and receives how much.

Usage: weft top [BRIDGE|PORT] [OPTION]...
  --once         one measurement of a second, then the end; also what happens
                 where the output is no terminal
  --by=ORDER     bytes (default), frames or name
  --json         for programs; without --once one line a second

"in" came in by the port, "out" left by it; "lost" is what its device dropped.
On a terminal it goes on until q is pressed.

Examples:
  weft top
  weft top lu-br0 --by=frames
  weft top --once --json
)"},
    {"drops", R"(weft drops - what the switch dropped, where and why.

Usage: weft drops [BRIDGE|PORT] [OPTION]...
  --watch        live: how much a second, since the watch began, and in all;
                 until q is pressed. Where the output is no terminal, a line for
                 each counter that moved
  --json         for programs; with --watch one line a second

A port's counters begin when it becomes a port, and outlive weftd.

Examples:
  weft drops
  weft drops veth0
  weft drops --watch
)"},
    {"trace", R"(weft trace - what the switch would do with a frame, step by step.

Usage: weft trace BRIDGE PORT FRAME [--json]
  BRIDGE PORT    where the frame would come in
  FRAME          in words, or as hex digits
  --json         for programs

The frame goes through the program that forwards, with its tables as they are
now; nothing is sent, learned or counted.

A frame in words:
  MAC > MAC|broadcast [vlan|qinq ID [pcp 0-7] [dei]]... [WHAT] [len BYTES]
  WHAT:  arp who-has IP tell IP  |  arp IP is-at MAC  |  type NUMBER
         ip IP > IP [ttl N] [tos N] [df] [proto N | udp PORT > PORT
            | tcp PORT > PORT [syn|ack|fin|rst|psh|urg]...
            | icmp echo-request|echo-reply | icmp TYPE [code N]]

Examples:
  weft trace lu-br0 veth0 "52:54:00:00:00:01 > broadcast arp who-has 10.0.0.2 tell 10.0.0.1"
  weft trace lu-br0 vnet0 "52:54:00:00:00:01 > 52:54:00:00:00:02 vlan 10 ip 10.0.0.1 > 10.0.0.2 udp 1000 > 53"
  weft trace lu-br0 vnet0 "ffffffffffff 525400000001 88cc"
)"},
}};

}  // namespace

const std::array<HelpPage, 5>& help_pages() { return pages; }

}  // namespace weft::inspect

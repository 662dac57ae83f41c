#include "lab/help.hpp"

#include <array>

namespace weft::lab {
namespace {

constexpr std::array pages = {
    HelpPage{
        "",
        R"(weft lab: hosts, networks, containers and VMs from one file; proof that they work; a clean floor afterwards

usage: weft lab COMMAND [OPTION...]

  init [FILE]         write a file to begin with: the tutorial's two hosts
  up [FILE]           make what the file says; after an edit, make only the difference
  verify [LAB]        who reaches whom; where one does not, why, and the cure
  status [LAB]        what is there, and whether it is whole
  down [LAB]          take it away, and show that nothing is left

  exec NODE -- COMMAND...   run a command in a container or a VM, or on a host
  shell NODE          a shell there
  console VM          its serial console; Ctrl-] leaves it
  capture NODE        its packets, as pcap
  graph [FILE]        the lab as a picture
  list                the labs of this machine
  schema              the JSON Schema of lab files, for editors

FILE is weft.yaml or lab.yaml of the folder if not said; LAB a lab's name or file.
weft lab COMMAND --help tells more.

  weft lab up examples/two-hosts.yaml
  weft lab verify
  weft lab exec cn1 -- ping -c 3 192.168.100.12
  weft lab down
)"},
    HelpPage{"up", R"(weft lab up [FILE] [--dry-run] [--json]: make what the file says

What is there already stays; what changed is made anew, with all that stands on it; what the file no longer has
is taken away. Where it was killed or failed, `up` goes on and `down` takes away what there is.

  -n, --dry-run   only print the steps, as commands that could be typed
      --json      the steps as JSON

Images and the small guest's kernel are kept in WEFT_CACHE_DIR, /var/cache/weft if not set. VMs are run by libvirt where it
is, or by qemu with WEFT_HYPERVISOR=qemu. WEFT_SSH is what is called instead of ssh, "ssh -F FILE" for one.

  weft lab up --dry-run examples/two-hosts.yaml | less
)"},
    HelpPage{"down", R"(weft lab down [LAB] [--json]: take a lab away, and show that nothing is left

LAB is its name or its file; if not said, that of this folder's file, else the only one there is. Works by the
lab's journal, whatever was killed before. Exit status 1: something is left; it is named.

      --json      what is left, as JSON
)"},
    HelpPage{"verify", R"(weft lab verify [LAB] [--json]: ask from every endpoint whom it reaches, and say why not

Every pair of a network, both ways: small packets, packets as large as the network carries that may not be fragmented,
TCP, broadcast, ARP and neighbour discovery, over IPv4 and IPv6 where the network has them. Endpoints of different
networks must hear nothing of each other. Where a pair fails it looks for the reason, and tells the command that cures it.
A VM is asked by all others; what it reaches itself is asked on its console, where its login is known.

      --json      every pair, each way, as JSON

Exit status 1: a pair does not reach each other, or networks are not apart.

  weft lab verify
  weft lab verify --json | jq '.troubles'
)"},
    HelpPage{"status", R"(weft lab status [LAB] [--watch] [--json]: what is there, and whether it is whole

  -w, --watch     go on looking, every second; q ends it
      --json      every part of the lab, as JSON

Exit status 1: something is not as it should be.
)"},
    HelpPage{"list", R"(weft lab list [--json]: the labs of this machine
)"},
    HelpPage{"exec", R"(weft lab exec NODE [--lab LAB] -- COMMAND...: run a command in a container or a VM, or on a host

Its exit status is the command's. In a VM it is typed at the console, and both of its streams come as one.

  weft lab exec c1 -- ip address
  weft lab exec host1 -- ovs-vsctl show
)"},
    HelpPage{"shell", R"(weft lab shell NODE [--lab LAB]: a shell in a container, or on a host; the console of a VM
)"},
    HelpPage{"console", R"(weft lab console VM [--lab LAB]: a VM's serial console

Ctrl-] leaves it. Several may look, and type, at once.
)"},
    HelpPage{"capture", R"(weft lab capture NODE [-w FILE] [-i DEVICE] [--lab LAB]: a node's packets, as pcap

  -w, --write=FILE        to a file; else to standard output
  -i, --interface=DEVICE  of this device; else a container's eth0, a VM's port, a host's underlay

  weft lab capture c1 | tcpdump -n -r -
  weft lab capture host1 -w underlay.pcap
)"},
    HelpPage{"init", R"(weft lab init [FILE]: write a file to begin with, weft.yaml if not said

It is the tutorial's network, with comments. A file that is there is not touched.
)"},
    HelpPage{"graph", R"(weft lab graph [FILE] [--format=text|mermaid|svg]: the lab as a picture

  weft lab graph --format=svg >lab.svg
)"},
    HelpPage{"schema", R"(weft lab schema: the JSON Schema of lab files

Editors with a YAML language server check and complete a file that begins with
  # yaml-language-server: $schema=FILE
)"},
};

}  // namespace

std::span<const HelpPage> help_pages() { return pages; }

}  // namespace weft::lab

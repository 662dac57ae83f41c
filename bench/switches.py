"""Which switches are measured: Open vSwitch as the distribution has it, and Weft. Both are started and driven by the
same lines, as far as their programs have the same names."""

import os
import pathlib
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[1]
PROGRAMS = PROJECT / "build/bin"
sys.path[:0] = [str(PROJECT / "tools"), str(PROJECT / "tools/lab")]


class Peer:
    name = ""
    programs = ""  # First in PATH.
    daemons = ()
    start_daemons = ""  # For a shell with -e, whose host keeps its state in "$state".

    def environment(self):
        return {**os.environ, "PATH": f"{self.programs}:/usr/sbin:/usr/bin:/sbin:/bin"}

    def add_bridge(self, name):
        """The command."""
        return f"ovs-vsctl add-br {name}"


class OpenVSwitch(Peer):
    name = "Open vSwitch"
    programs = "/usr/sbin:/usr/bin"
    daemons = ("ovsdb-server", "ovs-vswitchd")

    def __init__(self, settings="", datapath="netdev"):
        """settings: of the table Open_vSwitch, before the switch starts. datapath: netdev forwards in the daemon, system
        in the kernel's module."""
        self.datapath = datapath
        self.start_daemons = f"""
            ovsdb-tool create $state/conf.db /usr/share/openvswitch/vswitch.ovsschema
            ovsdb-server --detach --no-chdir --pidfile --remote=punix:/run/openvswitch/db.sock \
                --log-file=$state/ovsdb-server.log $state/conf.db
            ovs-vsctl --no-wait init
            {f"ovs-vsctl --no-wait set Open_vSwitch . {settings}" if settings else ""}
            ovs-vswitchd --detach --no-chdir --pidfile --log-file=$state/ovs-vswitchd.log"""

    def add_bridge(self, name):
        return f"ovs-vsctl add-br {name} -- set Bridge {name} datapath_type={self.datapath}"


class Weft(Peer):
    name = "Weft"
    programs = str(PROGRAMS)
    daemons = ("weftd",)
    start_daemons = "weftd --detach --db-file=$state/conf.db --log-file=$state/weftd.log"

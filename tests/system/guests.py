"""What the tests of services share: guests behind ports, the clients that people use, and what became of them."""

import json
import re
import shutil

import system

NETWORK = ("other_config:subnet=192.168.100.0/24 other_config:router=192.168.100.1 other_config:dns=192.168.100.2 "
           "other_config:domain=lab.example other_config:mtu=1400 other_config:metadata=true")
# Tells what a client of DHCP says to its script, and sets the address.
SCRIPT = """#!/bin/sh
env >>"$LOG"
case "$1" in bound|renew) ip addr add "$ip/$mask" dev "$interface" 2>/dev/null ;; esac
true
"""


class GuestTest(system.SystemTest):
    """A test on a host whose bridge serves NETWORK."""

    def setUp(self):
        super().setUp()
        self.vsctl(f"add-br lu-br0 -- set Bridge lu-br0 {NETWORK}")

    def need(self, program):
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed")

    def add_guest(self, number, settings="", host=None):
        """Namespace gN with eth0, of the MAC 02:00:00:00:00:N, without an address, behind port vethN."""
        host = host or self.host
        host.run(f"""set -e
            ip netns add g{number}
            ip link add veth{number} type veth peer name eth0 netns g{number} address 02:00:00:00:00:{number:02x}
            ip link set veth{number} up
            ip -n g{number} link set lo up
            ip -n g{number} link set eth0 up""")
        host.vsctl(f"add-port lu-br0 veth{number} {settings}")
        return f"g{number}"

    def inside(self, guest, command, check=True, host=None, timeout=60):
        return (host or self.host).run(f"ip netns exec {guest} {command}", check=check, timeout=timeout)

    def udhcpc(self, guest, options="", host=None):
        """What the client was told, as its script saw it."""
        host = host or self.host
        script, log = host.state / "script", host.state / f"{guest}.env"
        script.write_text(SCRIPT)
        script.chmod(0o755)
        log.unlink(missing_ok=True)
        self.inside(guest, f"env LOG={log} busybox udhcpc -i eth0 -f -n -q -t 5 -T 1 -s {script} "
                           f"-O mtu -O staticroutes {options}", host=host)
        return dict(line.split("=", 1) for line in log.read_text().splitlines() if "=" in line)

    def run_python(self, guest, program, timeout=60):
        return self.host.run(f"ip netns exec {guest} python3 - <<'END'\n{program}\nEND", timeout=timeout).strip()

    def drops(self, port):
        """{reason: frames} of what was dropped at the port."""
        told = json.loads(self.host.run("weft drops --json"))["drops"]
        return {drop["reason"]: drop["frames"] for drop in told if drop["port"] == port}

    def fetch(self, guest, path, check=True):
        return self.inside(guest, f"curl -s -f -m 10 http://169.254.169.254{path}", check)

    def status(self, port):
        return dict(re.findall(r'(\w+)="?([^",}]+)"?', self.interface(port, "status")))

"""What the system tests share: hosts made of namespaces (tools/lab/host.py), weftd on them, containers behind it.

Everything a test makes lives below its own process: main() puts it into a pid and a mount namespace of its own, with the
scratch folder on a tmpfs there. However it ends, by kill -9 too, the kernel takes all of it away.

Exit status of a test program: 0 passed, 1 failed, 77 nothing could be run. WEFT_PROGRAMS=DIRECTORY tests other programs
than those in build/bin. With WEFT_CASES=DIRECTORY the cases are listed there, as GoogleTest would.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as xml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools"), str(PROJECT / "tools/lab")]

from host import Host  # noqa: E402

PROGRAMS = pathlib.Path(os.environ.get("WEFT_PROGRAMS", PROJECT / "build/bin"))
SCRATCH = pathlib.Path("/media" if PROJECT.is_relative_to("/mnt") else "/mnt")  # Our own tmpfs is mounted there.
INSIDE = "WEFT_SYSTEM_TEST_INSIDE"
SKIPPED = 77
WAIT_SECONDS_MAX = 15


class SystemTest(unittest.TestCase):
    """A test with a host of its own, on which weftd runs if `starts_weftd`."""

    starts_weftd = True
    longMessage = True

    def setUp(self):
        self.host = self.new_host()
        if self.starts_weftd:
            self.start_weftd()

    def new_host(self):
        SystemTest.hosts = getattr(SystemTest, "hosts", 0) + 1
        host = Host(SCRATCH, SystemTest.hosts, PROGRAMS)
        self.addCleanup(host.stop)
        host.start()
        return host

    # --- weftd --------------------------------------------------------------------------------------------------

    def weftd(self, host=None):
        """The command that starts weftd on the host, as far as every test wants it."""
        state = (host or self.host).state
        return f"weftd --detach --db-file={state}/conf.db --log-file={state}/weftd.log"

    def start_weftd(self, host=None):
        (host or self.host).run(self.weftd(host))

    def weftd_pid(self):
        """As seen on the host. None if it does not run."""
        said = self.host.run("cat /run/openvswitch/weftd.pid", check=False).stdout.strip()
        return int(said) if said and self.host.run(f"test -d /proc/{said}", check=False).returncode == 0 else None

    def kill_weftd(self, signal):
        """Returns when it is gone."""
        pid = self.weftd_pid()
        self.host.run(f"kill -{signal} {pid}")
        self.wait_until(lambda: self.host.run(f"test -d /proc/{pid}", check=False).returncode != 0, "weftd ends")

    def log(self):
        path = self.host.state / "weftd.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # --- the network --------------------------------------------------------------------------------------------

    def vsctl(self, arguments):
        return self.host.vsctl(arguments).strip()

    def interface(self, name, column):
        return self.vsctl(f"get Interface {name} {column}")

    def add_container(self, number, bridge="lu-br0", port_settings=""):
        """Namespace cN with eth0, 192.168.100.N, behind port vethN of the bridge. Its name."""
        name = f"c{number}"
        self.host.run(f"""set -e
            ip netns add {name}
            ip link add veth{number} type veth peer name eth0 netns {name}
            ip link set veth{number} up
            ip netns exec {name} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null || true
            ip -n {name} addr add 192.168.100.{number}/24 dev eth0
            ip -n {name} link set eth0 up
            ip -n {name} link set lo up""")
        self.vsctl(f"add-port {bridge} veth{number} {port_settings}")
        return name

    def pings(self, source, number, count=1):
        """How many of `count` pings from a container to container `number` were answered."""
        # Or a question asked in vain before would delay the answer by its repetition's second.
        self.host.run(f"ip -n {source} neigh flush dev eth0")
        said = self.host.run(f"ip netns exec {source} ping -n -q -i 0.01 -W 1 -c {count} 192.168.100.{number}", check=False)
        return int(re.search(r"(\d+) received", said.stdout).group(1))

    def assert_reaches(self, source, number):
        self.assertEqual(self.pings(source, number, 3), 3, f"{source} -> 192.168.100.{number}\n{self.log()[-2000:]}")

    def assert_does_not_reach(self, source, number):
        self.assertEqual(self.pings(source, number), 0, f"{source} -> 192.168.100.{number}")

    def received(self, container):
        """Frames that came to the container's eth0."""
        return self.link("eth0", container)["stats64"]["rx"]["packets"]

    def link(self, device, container=None):
        where = f"-n {container} " if container else ""
        return json.loads(self.host.run(f"ip -j -s {where}link show dev {device}"))[0]

    def links(self):
        """{name: number} of the host's devices."""
        return {link["ifname"]: link["ifindex"] for link in json.loads(self.host.run("ip -j link"))}

    def filters(self):
        """What tc says of filters and qdiscs of every device."""
        return self.host.run("""tc qdisc
            for device in $(ls /sys/class/net); do echo $device; tc filter show dev $device ingress; done""")

    def wait_until(self, is_so, what, seconds_max=WAIT_SECONDS_MAX):
        until = time.monotonic() + seconds_max
        while not is_so():
            if time.monotonic() > until:
                self.fail(f"waited in vain: {what}\n{self.log()[-2000:]}")
            time.sleep(0.02)


# --- running ----------------------------------------------------------------------------------------------------


def missing():
    """Why this machine cannot run these tests; None if it can."""
    if os.getuid() != 0:
        return "needs root, for network namespaces and eBPF"
    lacking = [program for program in ("ip", "ping", "unshare", "nsenter", "tc") if not shutil.which(program)]
    if lacking:
        return f"{', '.join(lacking)} not installed"
    unbuilt = [program for program in ("weftd", "ovs-vsctl") if not (PROGRAMS / program).exists()]
    return f"{' and '.join(unbuilt)} not built" if unbuilt else None


class Listing(unittest.TextTestResult):
    """The results, also as GoogleTest lists them."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.suite = xml.Element("testsuite", name=pathlib.Path(sys.argv[0]).stem)
        self.case = None

    def startTest(self, test):
        super().startTest(test)
        self.case = xml.SubElement(self.suite, "testcase", classname=type(test).__name__,
                                   name=test._testMethodName.removeprefix("test_"), status="run")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        xml.SubElement(self.case, "failure", message=str(error[1]))

    def addError(self, test, error):
        super().addError(test, error)
        xml.SubElement(self.case, "failure", message=f"{error[0].__name__}: {error[1]}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        xml.SubElement(self.case, "skipped", message=reason)

    def write(self, folder):
        path = pathlib.Path(folder, f"system_{self.suite.get('name')}.xml")
        path.parent.mkdir(parents=True, exist_ok=True)
        root = xml.Element("testsuites")
        root.append(self.suite)
        xml.ElementTree(root).write(path, encoding="unicode")


def main():
    if reason := missing():
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        # A shell is the first process there: it takes the exit status of orphans, whose pid namespaces would not end.
        os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation",
                              "private", "sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-B", *sys.argv])
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(SCRATCH)], check=True)
    runner = unittest.TextTestRunner(resultclass=Listing, verbosity=2)
    result = unittest.main(module="__main__", testRunner=runner, exit=False).result
    if folder := os.environ.get("WEFT_CASES"):
        result.write(folder)
    sys.exit(0 if result.wasSuccessful() else 1)

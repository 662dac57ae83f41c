"""weft: status, top, drops and trace on a running switch, and what they say when something is wrong."""

import json
import os
import pty
import select
import subprocess
import time

import system

REQUEST = "52:54:00:00:00:01 > broadcast arp who-has 192.168.100.2 tell 192.168.100.1"


class Look(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br lu-br0")
        self.host.run("ip link set lu-br0 up")
        self.add_container(1)
        self.add_container(2)
        self.add_container(3, port_settings="tag=10")

    def weft(self, arguments, status=0):
        done = self.host.run(f"weft {arguments}", check=False)
        self.assertEqual(done.returncode, status, f"weft {arguments}\n{done.stdout}{done.stderr}")
        return done.stdout if status == 0 else done.stderr or done.stdout

    def answer(self, arguments, status=0):
        return json.loads(self.weft(f"{arguments} --json", status))

    def echos(self, container):
        """Pings that the container was sent."""
        names, numbers = self.host.run(f"ip netns exec {container} grep ^Icmp: /proc/net/snmp").splitlines()
        return int(numbers.split()[names.split().index("InEchos")])

    # --- trace --------------------------------------------------------------------------------------------------

    def test_trace_tells_who_gets_a_frame_and_who_does_not(self):
        said = self.weft(f'trace lu-br0 veth1 "{REQUEST}"')
        self.assertIn("to veth2", said)
        self.assertIn("not to veth3: it does not carry the untagged VLAN", said)
        self.assertIn("not to veth1: it came from there", said)
        report = self.answer(f'trace lu-br0 veth1 "{REQUEST}"')
        self.assertEqual(set(report["sent-to"]), {"lu-br0", "veth2"})
        self.assertEqual(report["frame"], REQUEST.replace("broadcast", "ff:ff:ff:ff:ff:ff"))

    def test_trace_decides_as_real_frames_are_forwarded_and_leaves_no_trace(self):
        self.assert_reaches("c1", 2)
        macs = [self.link("eth0", name)["address"] for name in ("c1", "c2")]
        before = self.host.run("ovs-appctl fdb/show lu-br0 | awk '{print $1, $2, $3}' | sort")
        drops = self.answer("drops")["drops"]
        echos = self.echos("c2")
        report = self.answer(f'trace lu-br0 veth1 "{macs[0]} > {macs[1]} ip 192.168.100.1 > 192.168.100.2 icmp echo-request"')
        self.assertEqual(report["sent-to"], ["veth2"])
        tagged = self.answer(f'trace lu-br0 veth3 "{macs[0]} > {macs[1]} vlan 10"')
        self.assertEqual(tagged["decisions"][-1]["reason"], "tagged-on-access")
        self.assertEqual(self.answer("drops")["drops"], drops)
        self.assertEqual(self.echos("c2"), echos)
        self.assertEqual(self.host.run("ovs-appctl fdb/show lu-br0 | awk '{print $1, $2, $3}' | sort"), before)

    def test_trace_takes_hex(self):
        self.assertEqual(self.answer("trace lu-br0 veth1 'ffffffffffff 525400000001 88cc'")["bytes"], 14)

    def test_trace_says_what_is_wrong_with_the_frame_the_bridge_or_the_port(self):
        said = self.weft('trace lu-br0 veth1 "52:54:00:00:00:01 > broadcast vlan 5000"', status=1)
        self.assertIn('bad frame at "5000": expected a VLAN, 0 to 4095', said)
        self.assertIn("^^^^", said)
        self.assertEqual(self.weft(f'trace lu-br1 veth1 "{REQUEST}"', status=1),
                         'weft: no bridge "lu-br1"; did you mean "lu-br0"?\n')
        self.assertEqual(self.weft(f'trace lu-br0 veth "{REQUEST}"', status=1),
                         'weft: bridge lu-br0 has no port "veth"; did you mean "veth1"?\n')
        self.assertIn("trace wants BRIDGE PORT FRAME", self.weft("trace lu-br0", status=2))

    # --- drops, top, status -------------------------------------------------------------------------------------

    def test_drops_are_told_by_port_and_reason(self):
        before = {(drop["port"], drop["reason"]): drop["frames"] for drop in self.answer("drops veth1")["drops"]}
        # A frame that says it is from everybody.
        self.host.run("""ip netns exec c1 python3 -c '
import socket
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
wire.send(bytes.fromhex("525400000002" "ffffffffffff" "88b5") + bytes(46))'""")
        drops = {(drop["port"], drop["reason"]): drop for drop in self.answer("drops veth1")["drops"]}
        self.assertEqual(drops["veth1", "bad-source"]["frames"], before.get(("veth1", "bad-source"), 0) + 1)
        self.assertIn("its source address is zero or a multicast address", self.weft("drops"))
        self.assertEqual(self.weft("drops veth9", status=1), 'weft: no bridge or port "veth9"; did you mean "veth1"?\n')

    def test_top_shows_rates_once_where_there_is_no_terminal(self):
        said = self.weft("top lu-br0")
        self.assertIn("4 ports", said)
        self.assertNotIn("\033", said)
        ports = self.answer("top --once")["ports"]
        self.assertEqual({port["port"] for port in ports}, {"lu-br0", "veth1", "veth2", "veth3"})

    def test_top_is_live_on_a_terminal_until_it_is_quit(self):
        master, terminal = pty.openpty()
        program = subprocess.Popen(self.host.enter("weft", "top"), stdin=terminal, stdout=terminal, stderr=terminal,
                                   env={**self.host.environment(), "TERM": "xterm"})
        self.addCleanup(program.kill)
        seen = b""
        until = time.monotonic() + system.WAIT_SECONDS_MAX
        while b"veth1" not in seen and time.monotonic() < until:
            if select.select([master], [], [], 1)[0]:
                seen += os.read(master, 65536)
        os.write(master, b"q")
        self.assertEqual(program.wait(system.WAIT_SECONDS_MAX), 0)
        self.assertIn(b"\033[?1049h", seen)
        self.assertIn(b"veth1", seen)

    def test_status_says_what_is_wrong_and_with_its_exit_status_too(self):
        self.assertIn("Nothing is wrong.", self.weft("status"))
        self.vsctl("--no-wait add-port lu-br0 nothere")
        self.wait_until(lambda: "nothere" in self.interface("nothere", "error"), "the error is in the database")
        said = self.weft("status", status=1)
        self.assertIn("One port does not work:\n  nothere: ", said)
        report = self.answer("status", status=1)
        self.assertEqual(report["problems"], 1)
        ports = {port["port"]: port for port in report["bridges"][0]["ports"]}
        self.assertEqual(ports["veth3"]["vlan"], "VLAN 10")
        self.assertTrue(ports["veth1"]["up"])

    # --- the program --------------------------------------------------------------------------------------------

    def test_it_says_that_weftd_is_not_running_and_how_to_start_it(self):
        self.kill_weftd("TERM")
        for command in ("status", "top", "drops", f'trace lu-br0 veth1 "{REQUEST}"'):
            said = self.weft(command, status=1)
            self.assertIn("weftd is not running here (/", said)
            self.assertIn('"weftd --detach" starts it', said)
        self.kill_leaves_a_stale_pid_file()

    def kill_leaves_a_stale_pid_file(self):
        self.start_weftd()
        self.kill_weftd("KILL")
        self.assertIn("weftd.pid: No such process", self.weft("status", status=1))


if __name__ == "__main__":
    system.main()

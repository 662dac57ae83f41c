"""weft lab: up, edits, down; what people see when something is wrong."""

import json
import os
import shutil
import signal
import struct
import subprocess

from lab import LabTest, main, processes, two_hosts

KILL_WEFTD = "pid=$(cat /run/openvswitch/weftd.pid); kill -9 $pid; while kill -0 $pid 2>/dev/null; do sleep 0.01; done"


class Lab(LabTest):
    def test_comes_up_carries_packets_and_leaves_nothing(self):
        self.lab("up", self.write(two_hosts("one")))
        self.assertTrue(self.pings("c2", "192.168.100.1"))
        self.assertIn("Interface vxlan0", self.lab("exec", "host1", "--", "ovs-vsctl", "show"))
        self.assertIn("nothing is left", self.lab("down", "one"))
        self.assert_nothing_left()

    def test_a_second_up_has_nothing_to_do(self):
        file = self.write(two_hosts("one"))
        self.assertTrue(self.steps(file))
        self.assertEqual(self.steps(file), [])
        self.lab("down")

    def test_an_edited_file_changes_only_the_difference(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        self.write(two_hosts("one", ["{host: host1}", "{host: host2}", "{host: host2}"]))
        containers = [step for step in self.steps(file) if step[1] == "container"]
        self.assertEqual(containers, [("make", "container", "c3")])
        self.write(two_hosts("one", ["{host: host1}", "{host: host2}"]))
        containers = [step for step in self.steps(file) if step[1] == "container"]
        self.assertEqual(containers, [("remove", "container", "c3")])
        self.assertTrue(self.pings("c2", "192.168.100.1"))
        self.lab("down")
        self.assert_nothing_left()

    def test_a_container_put_before_the_others_leaves_them_their_addresses(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        self.write(two_hosts("one").replace("  c1:", "  c0: {host: host1}\n  c1:"))
        self.assertEqual([step for step in self.steps(file) if step[1] != "service"], [("make", "container", "c0")])
        self.assertTrue(self.pings("c0", "192.168.100.2"))
        self.assertIn("192.168.100.3", self.lab("graph", file))
        self.lab("verify")
        self.assertEqual(self.steps(file), [])
        self.lab("down")

    def test_names_may_be_words_of_ip(self):
        self.write("""
hosts: [h1, h2]
networks:
  net: {vni: 100, remotes: all, subnet: 10.0.0.0/24, bridge: up, tunnel: type}
containers:
  a: {host: h1}
  dev: {host: h2}
""")
        self.lab("up")
        self.lab("verify")
        self.assertIn("nothing to do", self.lab("up"))
        self.lab("down")
        self.assert_nothing_left()

    def test_more_than_two_hosts_share_a_segment(self):
        self.lab("up", self.write("name: three\nhosts: [a, b, c]\nnetworks:\n"
                                  "  n: {vni: 7, group: 239.0.0.7, subnet: 10.9.0.0/24}\ncontainers:\n"
                                  "  x: {host: a, address: 10.9.0.1}\n  y: {host: c, address: 10.9.0.3}\n"))
        self.assertTrue(self.pings("x", "10.9.0.3"))
        self.lab("down")
        self.assert_nothing_left()

    def test_a_dry_run_prints_commands_and_makes_nothing(self):
        said = self.lab("up", "--dry-run", self.write(two_hosts("one")))
        self.assertIn("ip netns add c1\n", said)
        self.assertIn("ovs-vsctl add-br ", said)
        self.assertFalse(self.folder.exists())

    def test_two_labs_stand_side_by_side(self):
        for name in ("one", "two"):
            self.lab("up", self.write(two_hosts(name), f"{name}.yaml"))
        self.assertEqual([lab["lab"] for lab in json.loads(self.lab("list", "--json"))], ["one", "two"])
        self.assertIn("one, two", self.lab("exec", "c1", "--", "true", status=1))
        self.lab("exec", "--lab", "two", "c1", "--", "true")
        self.lab("down", "one")
        self.assertIn("c1", self.lab("status", "two"))
        self.lab("down", "two")
        self.assert_nothing_left()

    def test_a_lab_of_another_file_is_not_touched(self):
        self.lab("up", self.write(two_hosts("one")))
        self.assertIn("made from", self.lab("up", self.write(two_hosts("one"), "other.yaml"), status=1))
        self.lab("down")

    def test_two_ups_at_once_do_not_meet(self):
        file = self.write(two_hosts("one", ["{host: host1, count: 20}", "{host: host2}"]))
        both = [subprocess.Popen(self.command("up", file), env=self.environment(), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [one.communicate() for one in both]
        for one, (_, errors) in zip(both, said):
            if one.returncode:
                self.assertRegex(errors, r"another command is at work on lab one, process \d+")
        self.assertIn(0, [one.returncode for one in both])
        self.lab("down")
        self.assert_nothing_left()

    def test_the_last_lab_takes_the_folder_of_labs_along(self):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/var/lib"], check=True)  # The machine's is not for tests.
        self.addCleanup(subprocess.run, ["umount", "/var/lib"], check=True)
        self.folder = ""
        for name in ("one", "two"):
            self.lab("up", self.write(two_hosts(name), f"{name}.yaml"))
        self.lab("down", "one")
        self.assertEqual(os.listdir("/var/lib/weft/labs"), ["two"])
        self.lab("down", "two")
        self.assertEqual(os.listdir("/var/lib"), [])

    def test_a_host_that_ended_is_made_again(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        os.kill(self.host_process("host1"), signal.SIGKILL)
        self.lab("status", status=1)
        self.lab("up", file)
        self.lab("status")
        self.lab("down")
        self.assert_nothing_left()

    def test_down_takes_away_what_a_dead_switch_and_a_dead_host_left(self):
        self.lab("up", self.write(two_hosts("one")))
        self.lab("exec", "host1", "--", "sh", "-c", KILL_WEFTD)
        os.kill(self.host_process("host2"), signal.SIGKILL)
        said = self.lab("down")
        self.assertRegex(said, r"✓ start switch +weftd on host1: had ended")
        # Of host1 all was counted, and is gone.
        self.assertRegex(said, r"devices +\d+ +[1-9]\d* +0\n")
        self.assertRegex(said, r"BPF programs +0 +[1-9]\d* +0\n")
        self.assertIn("nothing is left", said)
        self.assert_nothing_left()

    def test_down_takes_away_a_simulated_host_whose_switch_does_not_start(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        self.lab("exec", "host1", "--", "sh", "-c", KILL_WEFTD)
        (self.folder / "one/hosts/host1/conf.db").write_text("no database")
        self.assertIn("conf.db", self.lab("up", file, status=1))
        said = self.lab("down")
        self.assertRegex(said, r"✗ start switch +weftd on host1: had ended")
        self.assertIn("nothing is left", said)
        self.assert_nothing_left()

    def test_up_makes_anew_what_was_deleted_by_hand_and_nothing_else(self):
        file = self.write(two_hosts("one", ["{host: host1}", "{host: host1}", "{host: host2}"]))
        self.lab("up", file)
        self.lab("exec", "host1", "--", "ip", "netns", "delete", "c1")
        self.lab("exec", "host2", "--", "ip", "link", "delete", "vxlan0")
        said = json.loads(self.lab("status", "--json", status=1))["objects"]
        self.assertEqual({one["name"]: one["trouble"] for one in said if one["trouble"]},
                         {"c1": "c1 is gone", "vxlan0": "vxlan0 is gone"})
        self.assertEqual(self.steps(file, "--dry-run"), [("remove", "container", "c1"), ("remove", "tunnel", "vxlan0"),
                                                         ("make", "tunnel", "vxlan0"), ("make", "container", "c1")])
        self.lab("up", file)
        self.assertTrue(self.pings("c1", "192.168.100.3"))
        self.assertEqual(self.steps(file), [])
        self.lab("down")

    def test_up_plugs_in_again_what_was_unplugged_by_hand_and_wires_what_was_unwired(self):
        file = self.write(two_hosts("one", extra="  xc1: {host: host1}\n"))
        self.lab("up", file)
        self.lab("exec", "host1", "--", "ovs-vsctl", "del-port", "c1")
        said = json.loads(self.lab("status", "--json", status=1))["objects"]
        self.assertEqual({one["name"]: one["trouble"] for one in said if one["trouble"]}, {"c1": "c1 is no port of its bridge any more"})
        self.assertEqual(self.steps(file), [("remove", "container", "c1"), ("make", "container", "c1")])
        self.assertTrue(self.pings("c1", "192.168.100.2"))
        self.lab("exec", "host1", "--", "ip", "link", "delete", "dev", "eth0")
        self.assertIn("eth0 of host1 is gone", self.lab("status", status=1) or "")
        self.lab("up", file)
        self.assertTrue(self.pings("c1", "192.168.100.2"))
        self.assertEqual(self.steps(file), [])
        self.lab("down")

    def test_up_makes_a_bridge_that_was_deleted_by_hand_again_with_its_ports(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        self.lab("exec", "host1", "--", "ovs-vsctl", "del-br", "lu-br0")
        self.lab("up", file)
        self.assertTrue(self.pings("c1", "192.168.100.2"))
        self.lab("down")

    def test_up_starts_a_switch_that_ended_again(self):
        file = self.write(two_hosts("one"))
        self.lab("up", file)
        self.lab("exec", "host1", "--", "sh", "-c", KILL_WEFTD)
        self.lab("status", status=1)
        self.assertEqual(self.steps(file, "--dry-run"), [("start", "switch", "weftd")])
        self.assertRegex(self.lab("up", file), r"✓ start switch +weftd on host1: had ended")
        self.lab("status")
        self.lab("down")

    def test_a_damaged_journal_is_told_with_the_cure(self):
        self.lab("up", self.write(two_hosts("one")))
        journal = self.folder / "one/journal"
        journal.write_text("damaged\n" + journal.read_text())
        said = self.lab("down", status=1)
        subprocess.run(["sh", "-c", said.split("`")[1]], env=self.environment(), check=True)
        shutil.rmtree(self.folder / "one")
        self.assert_nothing_left()

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command("list"), env=self.environment(), stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "weft: cannot write to standard output: No space left on device\n"))

    def test_who_may_not_read_the_folder_of_labs_is_told_so(self):
        self.folder.mkdir(mode=0o700)
        os.chown(self.folder, 65534, 65534)
        done = subprocess.run(["setpriv", "--bounding-set=-all", "--inh-caps=-all", *self.command("list")], env=self.environment(),
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertRegex(done.stderr, f"cannot read {self.folder}: .*: run weft as root")

    def test_a_capture_is_a_pcap_file_with_the_packets(self):
        self.lab("up", self.write(two_hosts("one")))
        file = self.files / "c1.pcap"
        capture = subprocess.Popen(self.command("capture", "c1", "-w", str(file)), env=self.environment())

        def has_packets():
            self.pings("c1", "192.168.100.2")
            return file.exists() and file.stat().st_size > 24
        self.wait_until(has_packets, "packets in the file")
        self.assertEqual(struct.unpack("=IHHIIII", file.read_bytes()[:24])[:3], (0xA1B2C3D4, 2, 4))
        for pid, words in processes():
            if words[:2] == [b"weft", b"lab-capture"]:
                os.kill(pid, signal.SIGTERM)
        capture.wait()
        self.lab("down")

    def test_what_is_wrong_is_said_with_its_place(self):
        self.assertRegex(self.lab("up", self.write("name: one\nhosts: [a]\nnetwroks: {}\n"), status=1), r"lab\.yaml:3:1")
        (self.files / "lab.yaml").unlink()
        self.assertIn("weft lab init", self.lab("up", status=2))
        self.assertIn("weft lab --help", self.lab("upp", status=2))
        self.assertIn("no lab is there", self.lab("down", status=1))
        self.lab("exec", "nobody", "--", "true", status=1)

    def test_help_fits_on_a_screen(self):
        for command in ("", "up", "down", "status", "list", "exec", "shell", "capture", "init", "graph", "schema"):
            lines = self.lab(*filter(None, [command]), "--help").splitlines()
            self.assertLessEqual(len(lines), 36, command)

    def test_a_first_lab_is_written_once(self):
        self.lab("init")
        self.assertIn("is there already", self.lab("init", status=1))
        self.assertIn("cn1", self.lab("graph"))
        self.assertIn("<svg", self.lab("graph", "--format=svg"))
        self.assertIn("properties", json.loads(self.lab("schema")))


if __name__ == "__main__":
    main()

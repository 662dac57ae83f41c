"""weft doctor: what it finds on hosts with something wrong, that its cures cure, and that it changes nothing."""

import json

import system

GROUP = "239.0.0.1"


class Doctor(system.SystemTest):
    starts_weftd = False

    def setUp(self):
        super().setUp()
        self.host.run("""ip link add eth0 type veth peer name wire
            ip link set wire up
            ip address add 172.31.99.1/24 dev eth0
            ip link set eth0 up""")

    def doctor(self, arguments="--device=eth0", status=None):
        """{check: finding}; of several the worst."""
        done = self.host.run(f"weft doctor --json {arguments}", check=False)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if report["problems"] else 0)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout)
        order = {"ok": 0, "warning": 1, "problem": 2}
        return {finding["check"]: finding for finding in sorted(report["findings"], key=lambda one: order[one["severity"]])}

    def cure(self, check, arguments="--device=eth0"):
        """Finds the problem, does as told, and finds it gone."""
        finding = self.doctor(arguments)[check]
        self.assertEqual(finding["severity"], "problem", finding)
        self.host.run(finding["cure"])
        self.assertEqual(self.doctor(arguments)[check]["severity"], "ok")
        return finding

    def need(self, program):
        if self.host.run(f"command -v {program}", check=False).returncode:
            self.skipTest(f"{program} not installed")

    def test_nothing_would_stop_weft_on_a_host_that_can_run_it(self):
        findings = self.doctor(f"--device=eth0 --group={GROUP}", status=0)
        for check in ("version", "rights", "bpf", "bpffs", "clsact", "veth", "vxlan", "device", "multicast", "socket"):
            self.assertEqual(findings[check]["severity"], "ok", findings[check])
        self.assertIn("Weft", self.host.run("weft doctor --device=eth0").splitlines()[-1])

    def test_it_leaves_nothing_behind(self):
        look = "ip -o link; tc qdisc; cat /proc/mounts; ls /run /tmp; ip maddress; ls /sys/module"
        before = self.host.run(look), self.filters()
        self.doctor()
        self.assertEqual((self.host.run(look), self.filters()), before)

    def test_a_device_that_is_down_is_cured(self):
        self.host.run("ip link set eth0 down")
        self.cure("device")

    def test_a_device_without_multicast_is_cured(self):
        self.host.run("ip link set eth0 multicast off")
        self.cure("multicast", f"--device=eth0 --group={GROUP}")

    def test_rules_that_drop_tunnels_are_cured(self):
        self.need("nft")
        self.host.run("""nft -f - <<'END'
            table inet filter {
                chain input { type filter hook input priority 0; policy drop; ct state established accept; tcp dport 22 accept; }
                chain output { type filter hook output priority 0; udp dport 4000-5000 reject; }
            }
END""")
        finding = self.doctor()["rules"]
        self.assertEqual(finding["severity"], "problem")
        for _ in range(2):  # What comes, and what leaves.
            self.host.run(self.doctor()["rules"]["cure"])
        self.assertEqual(self.doctor()["rules"]["severity"], "ok")

    def test_rules_of_iptables_are_cured(self):
        self.need("iptables-save")
        if self.host.run("iptables -P INPUT DROP", check=False).returncode:
            self.skipTest("this kernel has no iptables")
        self.assertIn("iptables filter INPUT drops", self.cure("rules")["detail"])

    def test_who_holds_the_socket_and_the_port_is_named(self):
        holder = self.host.spawn("holder.log", "python3", "-c", """
import os, socket, time
os.makedirs("/run/openvswitch", exist_ok=True)
server = socket.socket(socket.AF_UNIX)
server.bind("/run/openvswitch/db.sock")
server.listen()
tunnel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tunnel.bind(("", 4789))
time.sleep(600)""")
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        self.wait_until(lambda: self.doctor()["udp-port"]["severity"] == "problem", "the port is held")
        findings = self.doctor(status=1)
        self.assertRegex(findings["udp-port"]["detail"], r"python3\S* \(process \d+\) has UDP port 4789")
        self.assertRegex(findings["socket"]["detail"], r"python3\S* \(process \d+\) serves \S+/db.sock, where weftd would")
        self.assertEqual(self.doctor("--device=eth0 --port=4790")["udp-port"]["severity"], "ok")

    def test_weftd_itself_is_no_other_switch(self):
        self.start_weftd()
        self.assertRegex(self.doctor()["socket"]["detail"], r"weftd \(process \d+\) serves")

    def test_a_vxlan_device_for_every_vni_is_named(self):
        self.host.run("ip link add vxlan7 type vxlan external dstport 4789 && ip link set vxlan7 up")
        self.assertIn("vxlan7", self.doctor()["udp-port"]["detail"])

    def test_without_root_it_says_what_it_could_not_try(self):
        self.need("setpriv")
        done = self.host.run("setpriv --reuid=65534 --clear-groups --bounding-set=-all weft doctor --json", check=False)
        findings = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
        self.assertEqual(findings["rights"]["cure"], "sudo weft doctor")
        self.assertEqual(findings["trials"]["severity"], "warning")

    def test_a_wrong_command_line_is_refused(self):
        for arguments in ("--group=10.0.0.1", "--nonsense", "--port=70000"):
            done = self.host.run(f"weft doctor {arguments}", check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("weft doctor: ", done.stderr)


if __name__ == "__main__":
    system.main()

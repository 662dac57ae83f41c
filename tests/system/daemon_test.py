"""weftd as a program: start, stop, what it refuses, what it leaves behind."""

import stat

import system


class Daemon(system.SystemTest):
    starts_weftd = False

    def refused(self, command):
        """What a command that must fail says."""
        done = self.host.run(command, check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        return done.stderr

    def mode(self, path):
        return int(self.host.run(f"stat -c %f {path}"), 16)

    def test_detach_returns_when_the_switch_works(self):
        self.host.run(self.weftd())
        self.assertIsNotNone(self.weftd_pid())
        self.vsctl("add-br lu-br0")
        self.assertIn("lu-br0", self.links())

    def test_files_are_for_root_only(self):
        self.start_weftd()
        self.assertEqual(stat.S_IMODE(self.mode("/run/openvswitch/db.sock")), 0o600)
        self.assertEqual(stat.S_IMODE(self.mode(f"{self.host.state}/conf.db")) & 0o027, 0)
        self.assertEqual(stat.S_IMODE(self.mode(f"{self.host.state}/weftd.log")) & 0o027, 0)

    def test_a_clean_stop_leaves_the_network_running_and_no_socket(self):
        self.start_weftd()
        self.vsctl("add-br lu-br0")
        for number in (1, 2):
            self.add_container(number)
        self.kill_weftd("TERM")
        self.assertEqual(self.host.run("ls /run/openvswitch").split(), ["bpf"])
        self.assert_reaches("c1", 2)

    def test_a_clean_stop_without_bridges_leaves_nothing(self):
        links, filters = self.links(), self.filters()
        self.start_weftd()
        self.vsctl("add-br lu-br0 -- del-br lu-br0")
        self.vsctl("add-br lu-br0")
        self.vsctl("del-br lu-br0")
        self.kill_weftd("TERM")
        self.assertEqual(self.host.run("ls -A /run/openvswitch"), "")
        self.assertEqual((self.links(), self.filters()), (links, filters))

    def test_a_second_one_is_refused_and_the_first_is_named(self):
        self.start_weftd()
        pid = str(self.weftd_pid())
        self.assertIn(pid, self.refused(self.weftd()))
        self.assertIn(pid, self.refused(f"{self.weftd()} --run-dir=/run/other"))
        self.assertIn("--run-dir", self.refused(f"{self.weftd()} --db-file=/run/other.db --pidfile=/run/other.pid"))
        self.assertEqual(str(self.weftd_pid()), pid)
        self.vsctl("show")

    def test_an_option_is_no_value_of_another(self):
        self.assertIn("--detach is an option", self.refused("weftd --run-dir --detach"))
        self.assertIn("--db-file", self.refused("weftd --db-file"))
        self.host.run("weftd --pidfile --detach --log-file=/run/weftd.log")
        self.assertIn("weftd.pid", self.host.run("ls /run/openvswitch").split())

    def test_the_foreground_ends_with_status_0_on_INT(self):
        process = self.host.spawn("foreground.log", "weftd", f"--db-file={self.host.state}/conf.db")
        self.wait_until(lambda: self.host.run("ovs-vsctl --timeout=1 show", check=False).returncode == 0, "it serves")
        self.kill_weftd("INT")
        self.assertEqual(process.wait(10), 0)

    def test_a_database_that_is_none_is_refused_and_left_alone(self):
        (self.host.state / "conf.db").write_text("not a database\n")
        said = self.refused(self.weftd())
        self.assertIn("conf.db", said)
        self.assertEqual((self.host.state / "conf.db").read_text(), "not a database\n")
        self.assertIsNone(self.weftd_pid())

    def test_mistakes_on_the_command_line_are_told(self):
        self.assertIn("--nonsense", self.refused("weftd --nonsense"))
        self.assertIn("Examples", self.host.run("weftd --help"))
        self.assertIn("3.1.0", self.host.run("weftd --version"))

    def test_it_tells_the_service_manager_that_it_is_ready(self):
        listener = self.host.spawn("notify.log", system.sys.executable, "-c", """if True:
            import socket
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind("/run/notify")
            print(s.recv(99).decode(), flush=True)
            print(s.recv(99).decode(), flush=True)""")
        self.wait_until(lambda: self.host.run("test -S /run/notify", check=False).returncode == 0, "somebody listens")
        self.host.run(f"NOTIFY_SOCKET=/run/notify {self.weftd()}")
        self.kill_weftd("TERM")
        self.assertEqual(listener.wait(10), 0)
        self.assertEqual((self.host.directory / "notify.log").read_text().split(), ["READY=1", "STOPPING=1"])

    def test_two_of_them_live_on_one_machine(self):
        self.start_weftd()
        first, self.host = self.host, self.new_host()
        self.start_weftd()
        self.vsctl("add-br lu-br0")
        self.assertIn("lu-br0", self.links())
        self.assertNotIn("lu-br0", first.run("ip link"))


if __name__ == "__main__":
    system.main()

"""Debian's own ovs-vsctl, ovsdb-client and ovsdb-tool against weftd and its file."""

import json

import judge


@judge.needs_program(judge.THEIRS / "ovs-vsctl", "openvswitch-switch")
class OvsVsctl(judge.Judge):
    def theirs(self, arguments, check=True):
        return self.host.run(f"{judge.THEIRS}/ovs-vsctl --timeout=10 {arguments}", check=check)

    def test_adds_and_deletes_bridges_and_ports_and_waits_for_them(self):
        self.add_device("veth1")
        self.theirs("add-br br0 -- add-port br0 veth1 tag=7 -- set Interface veth1 external_ids:a=b")
        self.assertTrue(self.works("veth1"))
        self.assertEqual(self.theirs("list-ports br0"), "veth1\n")
        self.assertEqual(self.theirs("get Port veth1 tag"), "7\n")
        self.assertEqual(sorted(self.theirs("show").splitlines()), sorted(self.host.vsctl("show").splitlines()))
        self.theirs("del-port veth1 -- del-br br0")
        self.assertEqual(self.vsctl("list-br"), "")

    def test_is_told_why_a_port_cannot_be(self):
        done = self.theirs("add-br br0 -- add-port br0 nothing", check=False)
        self.assertIn("Error detected while setting up 'nothing': could not open network device nothing "
                      "(No such device).", done.stderr)

    def test_waits_until_something_is_so(self):
        self.theirs("add-br br0")
        self.assertEqual(self.theirs("wait-until Interface br0 'ofport>0' -- get Interface br0 type"),
                         self.host.vsctl("get Interface br0 type"))


@judge.needs_program(judge.THEIRS / "ovsdb-client", "openvswitch-common")
class OvsdbClient(judge.Judge):
    def theirs(self, arguments):
        return self.host.run(f"{judge.THEIRS}/ovsdb-client --timeout=10 {arguments}")

    def test_reads_and_changes_the_switch(self):
        self.vsctl("add-br br0")
        self.assertIn("Open_vSwitch\n", self.theirs("list-dbs"))
        self.assertIn("br0", self.theirs("dump Bridge name"))
        change = ["Open_vSwitch", {"op": "update", "table": "Bridge", "where": [["name", "==", "br0"]],
                                   "row": {"external_ids": ["map", [["a", "b"]]]}}]
        self.assertEqual(json.loads(self.theirs(f"transact '{json.dumps(change)}'")), [{"count": 1}])
        self.assertEqual(self.vsctl("br-get-external-id br0 a"), "b")

    def test_a_backup_is_read_by_their_tool(self):
        self.vsctl("add-br br0")
        self.theirs("backup > /tmp/backup.db")
        self.assertEqual(self.host.run(f"{judge.THEIRS}/ovsdb-tool db-name /tmp/backup.db"), "Open_vSwitch\n")


@judge.needs_program(judge.THEIRS / "ovsdb-tool", "openvswitch-common")
class OvsdbTool(judge.Judge):
    def theirs(self, arguments):
        return self.host.run(f"{judge.THEIRS}/ovsdb-tool {arguments}")

    def test_reads_and_writes_the_file_that_weftd_keeps(self):
        self.vsctl("add-br br0")
        self.kill_weftd("TERM")
        database = f"{self.host.state}/conf.db"
        self.assertEqual(self.theirs(f"db-name {database}"), "Open_vSwitch\n")
        self.assertIn("ovs-vsctl", self.theirs(f"show-log -m {database}"))
        change = ["Open_vSwitch", {"op": "update", "table": "Bridge", "where": [["name", "==", "br0"]],
                                   "row": {"external_ids": ["map", [["by", "their tool"]]]}}]
        self.theirs(f"transact {database} '{json.dumps(change)}'")
        self.theirs(f"compact {database}")
        self.start_weftd()
        self.assertEqual(self.vsctl("br-get-external-id br0 by"), "their tool")


if __name__ == "__main__":
    judge.main()

"""What OpenStack is made of: the python ovs library, ovsdbapp and os-vif against weftd."""

import judge

# A connection as neutron makes it, and the API on it.
OVSDBAPP = f"""
from ovsdbapp.backend.ovs_idl import connection
from ovsdbapp.schema.open_vswitch import impl_idl
idl = connection.OvsdbIdl.from_server("{judge.SOCKET}", "Open_vSwitch")
api = impl_idl.OvsdbIdl(connection.Connection(idl, timeout=10))
def do(command):
    return command.execute(check_error=True)
"""

# os-vif as nova uses it, but without the daemon for its privileges. It only knows TCP, by default 127.0.0.1:6640.
OS_VIF = """
import os_vif
from os_vif import objects
from oslo_config import cfg
os_vif.initialize()
cfg.CONF([], project="nova")
import vif_plug_ovs.privsep
vif_plug_ovs.privsep.vif_plug.set_client_mode(False)
instance = objects.instance_info.InstanceInfo(uuid="5ac2bb08-3d3a-4e26-b8e1-9b0c40ae3b4d", name="vm1")
vif = objects.vif.VIFOpenVSwitch(
    id="2b1f8d6c-6f4a-4f1e-9a0c-3a1d0a0f9c11", address="52:54:00:aa:bb:cc", vif_name="tap1", bridge_name="br0",
    plugin="ovs", network=objects.network.Network(id="f5b1f4a2-3c73-4b6d-93f1-1d0f3f8d1a55", bridge="br0", mtu=1500),
    port_profile=objects.vif.VIFPortProfileOpenVSwitch(interface_id="2b1f8d6c-6f4a-4f1e-9a0c-3a1d0a0f9c11",
                                                      create_port=True))
"""


@judge.needs_module("ovs", "python3-openvswitch")
class Idl(judge.Judge):
    def test_writes_what_the_switch_takes_up_and_hears_of_it(self):
        self.add_device("veth1")
        self.vsctl("add-br br0")
        said = self.python(f"""
import ovs.db.idl, ovs.poller, ovs.dirs
import json, subprocess
schema = json.loads(subprocess.run(["ovsdb-client", "get-schema"], capture_output=True, check=True).stdout)
helper = ovs.db.idl.SchemaHelper(schema_json=schema)
for table in ("Open_vSwitch", "Bridge", "Port", "Interface"):
    helper.register_table(table)
idl = ovs.db.idl.Idl("{judge.SOCKET}", helper)
def run_until(is_so):
    while not is_so():
        idl.run()
        if is_so():
            return
        poller = ovs.poller.Poller()
        idl.wait(poller)
        poller.block()
run_until(idl.has_ever_connected)
transaction = ovs.db.idl.Transaction(idl)
interface = transaction.insert(idl.tables["Interface"])
interface.name = "veth1"
port = transaction.insert(idl.tables["Port"])
port.name = "veth1"
port.interfaces = [interface]
next(iter(idl.tables["Bridge"].rows.values())).addvalue("ports", port)
print(transaction.commit_block())
run_until(lambda: any(row.name == "veth1" and row.ofport for row in idl.tables["Interface"].rows.values()))
print(*(row.ofport[0] for row in idl.tables["Interface"].rows.values() if row.name == "veth1"))
""")
        self.assertEqual(said.split(), ["success", self.interface("veth1", "ofport")])


@judge.needs_module("ovsdbapp", "python3-ovsdbapp")
class Ovsdbapp(judge.Judge):
    def test_manages_bridges_and_ports(self):
        self.add_device("veth1")
        self.python(OVSDBAPP + """
do(api.add_br("br0"))
do(api.add_br("br0", may_exist=True))
do(api.add_port("br0", "veth1"))
do(api.db_set("Interface", "veth1", ("external_ids", {"iface-id": "x"})))
do(api.db_set("Port", "veth1", ("tag", 7)))
assert do(api.list_br()) == ["br0"]
assert do(api.list_ports("br0")) == ["veth1"]
assert do(api.port_to_br("veth1")) == "br0"
assert do(api.iface_to_br("veth1")) == "br0"
assert do(api.br_exists("br0")) and not do(api.br_exists("br1"))
assert do(api.db_get("Port", "veth1", "tag")) == 7
assert [row["name"] for row in do(api.db_find("Port", ("tag", "=", 7), columns=["name"]))] == ["veth1"]
do(api.set_controller("br0", ["tcp:127.0.0.1:6633"]))
assert do(api.get_controller("br0")) == ["tcp:127.0.0.1:6633"]
do(api.del_controller("br0"))
do(api.set_fail_mode("br0", "secure"))
do(api.br_set_external_id("br0", "k", "v"))
assert do(api.br_get_external_id("br0", "k")) == "v"
""")
        self.wait_until(lambda: self.works("veth1"), "the port works")
        self.assertEqual(self.vsctl("get Interface veth1 external_ids"), "{iface-id=x}")
        self.assertEqual(self.vsctl("get-fail-mode br0"), "secure")
        self.python(OVSDBAPP + """
do(api.db_clear("Port", "veth1", "tag"))
do(api.db_remove("Interface", "veth1", "external_ids", "iface-id"))
do(api.del_port("veth1", "br0"))
do(api.del_port("veth1", if_exists=True))
do(api.del_br("br0"))
""")
        self.assertEqual(self.vsctl("list-br"), "")

    def test_several_commands_are_one_transaction(self):
        self.python(OVSDBAPP + """
with api.transaction(check_error=True) as transaction:
    transaction.add(api.add_br("br0"))
    transaction.add(api.add_port("br0", "p1"))
    transaction.add(api.db_set("Interface", "p1", ("type", "internal")))
""")
        self.assertEqual(self.vsctl("list-ports br0"), "p1")

    def test_a_mistake_changes_nothing(self):
        self.python(OVSDBAPP + """
try:
    with api.transaction(check_error=True) as transaction:
        transaction.add(api.add_br("br0"))
        transaction.add(api.db_set("Bridge", "nothing", ("fail_mode", "secure")))
    raise SystemExit("it was taken")
except RuntimeError:
    pass
""")
        self.assertEqual(self.vsctl("list-br"), "")


@judge.needs_program("/usr/bin/socat", "socat")
@judge.needs_module("vif_plug_ovs", "python3-os-vif")
class OsVif(judge.Judge):
    def test_plugs_and_unplugs_a_machine(self):
        self.vsctl("add-br br0")
        self.host.run("ip link set lo up && ip tuntap add dev tap1 mode tap")
        self.host.spawn("relay.log", "socat", "TCP-LISTEN:6640,bind=127.0.0.1,reuseaddr,fork",
                        f"UNIX-CONNECT:{judge.SOCKET.removeprefix('unix:')}")
        self.wait_until(lambda: ":6640" in self.host.run("ss -lnt"), "the relay listens")
        self.python(OS_VIF + "os_vif.plug(vif, instance)")
        self.wait_until(lambda: self.works("tap1"), "the port works")
        self.assertEqual(self.vsctl("port-to-br tap1"), "br0")
        for key, value in {"attached-mac": '"52:54:00:aa:bb:cc"', "iface-id": '"2b1f8d6c-6f4a-4f1e-9a0c-3a1d0a0f9c11"',
                           "iface-status": "active", "vm-uuid": '"5ac2bb08-3d3a-4e26-b8e1-9b0c40ae3b4d"'}.items():
            self.assertEqual(self.vsctl(f"get Interface tap1 external_ids:{key}"), value)
        self.python(OS_VIF + "os_vif.unplug(vif, instance)")
        self.assertEqual(self.vsctl("list-ports br0"), "")


if __name__ == "__main__":
    judge.main()

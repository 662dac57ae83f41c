#include "lab/desired.hpp"

#include <gtest/gtest.h>

#include <set>

#include "lab/diff.hpp"
#include "topology/read_lab.hpp"

namespace weft::lab {
namespace {

std::vector<Object> desired(const std::string& text) {
  const auto lab =
      topology::read_text(text, "lab.yaml", [](const std::string&) -> Result<std::string> { return fail("x", "x"); });
  EXPECT_TRUE(lab) << lab.error().details;
  return lab ? desired_objects(*lab, "/labs/lab") : std::vector<Object>{};
}

const Object* find(const std::vector<Object>& objects, const ObjectId& id) {
  const auto found = std::ranges::find(objects, id, &Object::id);
  return found == objects.end() ? nullptr : &*found;
}

std::string typed(const Commands& commands) {
  std::string text;
  for (const auto& command : commands) text += as_typed(command) + '\n';
  return text;
}
std::string typed(const Object* object) { return object == nullptr ? "(none)" : typed(object->create); }

const std::string network = "networks:\n  net0: {vni: 100, group: 239.0.0.1, subnet: 192.168.100.0/24, bridge: br}\n";
const std::string two = "hosts: [h1, h2]\n" + network +
                        "containers:\n  c1: {host: h1, address: 192.168.100.11, port: veth0}\n  c2: {host: h2}\n";

const std::string machines = "vms:\n  vm1: {host: h1, image: /images/debian.qcow2}\n";

TEST(Desired, makes_a_container_as_the_tutorial_does) {
  const auto text = typed(find(desired(two), {Kind::container, "h1", "c1"}));
  EXPECT_TRUE(
      text.starts_with("ip netns add c1\nip link add name veth0 mtu 1450 type veth peer name eth0 netns c1 address "))
      << text;
  EXPECT_NE(text.find("ip -n c1 address add 192.168.100.11/24 dev eth0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("ovs-vsctl add-port br veth0 "), std::string::npos) << text;
}

TEST(Desired, makes_a_tunnel_as_the_tutorial_does) {
  EXPECT_EQ(typed(find(desired(two), {Kind::tunnel, "h1", "vxlan0"})),
            "ip link add name vxlan0 type vxlan id 100 dstport 4789 group 239.0.0.1 dev eth0\n"
            "ovs-vsctl add-port br vxlan0\nip link set dev vxlan0 up\n");
}

TEST(Desired, gives_a_host_that_is_alone_a_segment_for_its_device) {
  const auto one = desired("hosts: [h1]\n" + network);
  EXPECT_NE(find(one, {Kind::segment, "segment.1", "segment.1"}), nullptr);
  EXPECT_NE(typed(find(one, {Kind::wire, "", "h1:eth0"})).find("netns $pid_h1"), std::string::npos);
}

TEST(Desired, joins_two_hosts_by_a_wire_and_more_by_a_segment) {
  const auto pair = desired(two);
  EXPECT_NE(find(pair, {Kind::wire, "", "h1:eth0-h2:eth0"}), nullptr);
  const auto three = desired("hosts: [h1, h2, h3]\n" + network);
  EXPECT_NE(find(three, {Kind::segment, "segment.1", "segment.1"}), nullptr);
  const auto text = typed(find(three, {Kind::wire, "", "h3:eth0"}));
  EXPECT_NE(text.find("netns $pid_h3"), std::string::npos) << text;
  EXPECT_NE(text.find("$pid_segment_1"), std::string::npos) << text;  // A dot cannot be in a variable's name.
}

TEST(Desired, gives_every_host_the_remotes_where_there_is_no_group) {
  const auto objects = desired("hosts: [h1, h2, h3]\nnetworks:\n  n: {vni: 7, remotes: all, subnet: 10.0.0.0/24}\n");
  for (const auto& object : objects) {
    if (object.id.kind != Kind::tunnel) continue;
    const auto text = typed(&object);
    std::size_t remotes = 0;
    for (auto at = text.find("bridge fdb append"); at != std::string::npos; at = text.find("bridge fdb append", at + 1))
      ++remotes;
    EXPECT_EQ(remotes, 2U) << text;
  }
}

TEST(Desired, has_all_that_its_objects_need_and_each_once) {
  const auto objects = desired(two);
  std::set<ObjectId> ids;
  for (const auto& object : objects) EXPECT_TRUE(ids.insert(object.id).second) << to_string(object.id);
  for (const auto& object : objects) {
    for (const auto& need : object.needs) {
      EXPECT_TRUE(ids.contains(need)) << to_string(object.id) << " needs " << to_string(need);
      EXPECT_LT(need.kind, object.id.kind);
    }
  }
}

TEST(Desired, of_a_lab_with_one_container_more_leaves_the_others_alone) {
  RecordedObjects recorded;
  for (const auto& object : desired(two)) recorded[object.id] = {object, true};
  for (const auto& step : diff(desired(two + "  c3: {host: h2}\n"), recorded)) {
    EXPECT_TRUE(step.object.id.name == "c3" || step.object.id.kind == Kind::service) << to_string(step.object.id);
  }
}

TEST(Desired, starts_a_machine_again_with_the_disk_that_it_has) {
  const auto objects = desired(two + machines);
  const auto* machine = find(objects, {Kind::machine, "h1", "vm1"});
  ASSERT_NE(machine, nullptr);
  const auto text = typed(machine->revive);
  EXPECT_EQ(text.find("rm -rf"), std::string::npos) << text;
  EXPECT_NE(text.find("/disk.qcow2 ] || qemu-img create"), std::string::npos) << text;
  EXPECT_NE(text.find("qemu-system-x86_64"), std::string::npos) << text;
}

TEST(Desired, sends_a_real_host_the_image_of_this_machine) {
  const auto objects = desired("hosts:\n  h1: {ssh: root@far, underlay: 10.0.0.1/24}\n" + network + machines);
  const auto* image = find(objects, {Kind::image, "", "/images/debian.qcow2 for h1"});
  const auto text = typed(image);
  EXPECT_NE(text.find("weft lab-send /images/debian.qcow2 root@far /"), std::string::npos) << text;
  const auto* machine = find(objects, {Kind::machine, "h1", "vm1"});
  EXPECT_NE(typed(machine).find("/images/%images%debian.qcow2"), std::string::npos) << typed(machine);
  EXPECT_NE(std::ranges::find(machine->needs, image->id), machine->needs.end());
}

TEST(Desired, only_looks_whether_the_switch_of_a_real_host_runs) {
  const auto objects = desired("hosts:\n  h1: {ssh: root@h1, underlay: 10.0.0.1/24}\n" + network);
  const auto* daemon = find(objects, {Kind::vswitch, "h1", "weftd"});
  ASSERT_NE(daemon, nullptr);
  EXPECT_EQ(typed(daemon).find("weftd --detach"), std::string::npos);
  EXPECT_TRUE(daemon->remove.empty());
}

TEST(Desired, comes_back_from_the_journal) {
  for (const auto& object : desired(two + machines)) EXPECT_EQ(*object_from_json(to_json(object)), object);
}

}  // namespace
}  // namespace weft::lab

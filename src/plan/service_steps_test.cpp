// What diff() makes of services: which VLANs are served, who is behind a port, and which ports lead to other hosts.
#include "plan/diff.hpp"

namespace weft::plan {
namespace {

const IpAddress near = *IpAddress::parse("10.0.0.1"), far = *IpAddress::parse("10.0.0.2");
const IpAddress router = *IpAddress::parse("fe80::1");
const MacAddress near_mac({2, 0, 0, 0, 0, 1}), far_mac({2, 0, 0, 0, 0, 2});

model::ServedNetwork network() {
  return {.subnet4 = Subnet::parse("10.0.0.0/24"),
          .router6 = router,
          .has_metadata = true,
          .neighbours = {{far, far_mac}, {router, far_mac}}};
}

// br0 with veth0, whose guest is known, as wanted and as built.
model::Desired wanted() {
  model::Desired desired{.bridges = {{"br0", {}}},
                         .devices = {{"veth0", {.bridge = "br0", .port = model::Port{.ofport = 1}}}}};
  desired.networks["br0"][10] = network();
  desired.guests["veth0"] = {.mac = near_mac, .addresses = {near}, .is_confined = true};
  return desired;
}
model::Observed built() {
  model::Observed observed;
  observed.links["veth0"] = {.ifindex = 11, .kind = "veth", .mtu_bytes = 1500};
  observed.bridges["br0"] = {};
  observed.served["br0"][10] = model::served_vlan(network());
  observed.ports[11] = {.device = "veth0",
                        .bridge = "br0",
                        .port = {.ofport = 1},
                        .attached = true,
                        .promiscuous = true,
                        .guest = model::port_guest(wanted().guests.at("veth0"))};
  return observed;
}

TEST(ServiceSteps, are_none_where_all_is_as_wanted) { EXPECT_EQ(diff(wanted(), built()), Steps{}); }

TEST(ServiceSteps, serve_before_ports_are_attached) {
  model::Observed observed;
  observed.links["veth0"] = built().links.at("veth0");
  const auto steps = diff(wanted(), observed);
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[1], Step(SetServed{"br0", {{10, model::served_vlan(network())}}}));
  EXPECT_EQ(std::get<AttachPort>(steps[2]).guest, model::port_guest(wanted().guests.at("veth0")));
}

TEST(ServiceSteps, tell_who_is_a_router_and_where_metadata_is) {
  const auto served = model::served_vlan(network());
  EXPECT_TRUE(served.has_dhcp4 && !served.has_ipv6 && served.has_metadata);
  EXPECT_EQ(served.neighbours,
            (std::map<IpAddress, model::Neighbour>{{far, {.mac = far_mac}},
                                                   {router, {.mac = far_mac, .is_router = true}},
                                                   {model::metadata_address(), {.mac = model::service_mac()}}}));
  EXPECT_EQ(model::metadata_address().to_string(), "169.254.169.254");
}

TEST(ServiceSteps, tell_the_addresses_that_services_answer_from) {
  const auto addresses = [](const model::ServedNetwork& of) {
    std::vector<std::string> all;
    for (const auto& [address, neighbour] : model::served_vlan(of).neighbours) {
      EXPECT_EQ(neighbour, model::Neighbour{.mac = model::service_mac()});
      all.push_back(address.to_string());
    }
    return all;
  };
  EXPECT_EQ(addresses({.subnet4 = Subnet::parse("10.0.0.0/24")}), std::vector<std::string>{"169.254.169.254"});
  EXPECT_EQ(addresses({.has_metadata = true}), std::vector<std::string>{"169.254.169.254"});
  EXPECT_EQ(addresses({.subnet6 = Subnet::parse("fd00::/64")}), std::vector<std::string>{"fe80::57:45ff:fe46:5401"});
}

TEST(ServiceSteps, change_what_changed) {
  auto desired = wanted();
  desired.networks["br0"][10].neighbours.erase(far);
  desired.guests["veth0"].is_confined = false;
  const auto steps = diff(desired, built());
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(std::get<SetServed>(steps[0]).served.at(10).neighbours.size(), 2U);
  EXPECT_FALSE(std::get<SetPort>(steps[1]).guest->is_confined);
}

TEST(ServiceSteps, end_what_nobody_wants_any_more) {
  auto desired = wanted();
  desired.networks.clear();
  desired.guests.clear();
  const auto steps = diff(desired, built());
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0], Step(SetServed{.bridge = "br0", .served = {}}));
  EXPECT_FALSE(std::get<SetPort>(steps[1]).guest);
}

TEST(ServiceSteps, leave_what_a_bridge_served_to_go_with_it) {
  auto desired = wanted();
  desired.bridges.clear();
  desired.devices.clear();
  const auto steps = diff(desired, built());
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<DetachPort>(steps[0]) && std::holds_alternative<DeleteBridge>(steps[1]));
}

TEST(ServiceSteps, tell_the_datapath_which_ports_lead_to_other_hosts) {
  for (const auto& [kind, leads] : {std::pair("vxlan", true), {"geneve", true}, {"veth", false}, {"", false}}) {
    auto observed = built();
    observed.links["veth0"].kind = kind;
    const auto steps = diff(wanted(), observed);
    ASSERT_EQ(steps.size(), leads ? 1U : 0U) << kind;
    if (leads) {
      EXPECT_TRUE(std::get<SetPort>(steps[0]).leads_elsewhere);
    }
  }
}

TEST(ServiceSteps, say_what_they_do) {
  EXPECT_EQ(explain(SetServed{"br0", {{0, {.has_ipv6 = true}}, {10, model::served_vlan(network())}}}),
            "serve in br0 (untagged frames: DHCPv6 and routers, 0 neighbours; VLAN 10: DHCP, metadata, 3 neighbours)");
  EXPECT_EQ(explain(SetServed{.bridge = "br0", .served = {}}), "serve in br0 (nothing)");
  EXPECT_EQ(explain(SetPort{.device = "veth0",
                            .bridge = "br0",
                            .port = {.ofport = 1},
                            .guest = model::port_guest(wanted().guests.at("veth0"))}),
            "change veth0 in br0 (port 1, trunk, confined to its guest 02:00:00:00:00:01 10.0.0.1)");
}

}  // namespace
}  // namespace weft::plan

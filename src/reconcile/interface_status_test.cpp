#include "reconcile/interface_status.hpp"

namespace weft::reconcile {
namespace {

using model::DatapathPort;
using model::Link;
using model::Observed;

const WantedInterface veth0{.device = "veth0", .bridge = "br0", .is_port = true, .ofport = 3};

Observed attached() {
  Observed observed;
  observed.links["veth0"] = Link{.ifindex = 7,
                                 .kind = "veth",
                                 .mac = *MacAddress::parse("02:00:00:00:00:01"),
                                 .mtu_bytes = 1450,
                                 .admin_up = true,
                                 .carrier = false,
                                 .speed_bps = 10'000'000'000,
                                 .full_duplex = true,
                                 .statistics = {.rx_packets = 5, .tx_packets = 9}};
  observed.ports[7] = DatapathPort{.bridge = "br0", .attached = true};
  return observed;
}

TEST(InterfaceStatus, is_that_of_the_device_once_it_is_a_port) {
  const auto status = status_of(veth0, attached(), {}, 2);
  EXPECT_EQ(status.ofport, 3);
  EXPECT_EQ(status.error, std::nullopt);
  EXPECT_EQ(status.ifindex, 7);
  EXPECT_EQ(status.mac_in_use, "02:00:00:00:00:01");
  EXPECT_EQ(status.mtu, 1450);
  EXPECT_EQ(status.admin_state, "up");
  EXPECT_EQ(status.link_state, "down");
  EXPECT_EQ(status.link_speed, 10'000'000'000);
  EXPECT_EQ(status.duplex, "full");
  EXPECT_EQ(status.link_resets, 2);
  EXPECT_EQ(status.statistics.at("rx_packets"), 5);
  EXPECT_EQ(status.statistics.size(), 12u);
  EXPECT_EQ(status.status.at("driver_name"), "veth");
}

TEST(InterfaceStatus, tells_of_an_internal_device_that_is_away_what_can_be_known) {
  Observed observed;
  observed.links["int0"] = Link{.carrier_ifindex = 7,
                                .kind = "veth",
                                .mtu_bytes = 1500,
                                .carrier = true,
                                .made = model::MadeKind::internal,
                                .is_away = true,
                                .statistics = {.rx_packets = 5}};
  observed.ports[7] = DatapathPort{.bridge = "br0", .attached = true};
  const WantedInterface int0{
      .device = "int0", .bridge = "br0", .is_port = true, .made = model::MadeKind::internal, .ofport = 3};
  const auto status = status_of(int0, observed, {}, 0);
  EXPECT_EQ(status.ofport, 3);
  EXPECT_EQ(status.error, std::nullopt);
  EXPECT_EQ(status.ifindex, std::nullopt);
  EXPECT_EQ(status.mac_in_use, std::nullopt);
  EXPECT_EQ(status.mtu, 1500);
  EXPECT_EQ(status.link_state, "up");
  EXPECT_EQ(status.statistics.at("tx_packets"), 5);
}

TEST(InterfaceStatus, says_that_the_device_is_missing_and_nothing_else) {
  const auto status = status_of(veth0, {}, {}, 0);
  EXPECT_EQ(status.ofport, -1);
  EXPECT_EQ(status.error, "could not open network device veth0 (No such device)");
  EXPECT_EQ(status.mtu, std::nullopt);
  EXPECT_TRUE(status.statistics.empty());
}

TEST(InterfaceStatus, tells_a_failed_step_of_the_device_or_its_bridge) {
  auto observed = attached();
  observed.ports.clear();
  EXPECT_EQ(status_of(veth0, observed, {{"veth0", "no room"}}, 0).error, "no room");
  EXPECT_EQ(status_of(veth0, observed, {{"br0", "no bridge"}}, 0).error, "no bridge");
  EXPECT_EQ(status_of(veth0, observed, {{"veth1", "no room"}}, 0).error, "veth0 is not attached to br0 yet");
}

TEST(InterfaceStatus, has_no_number_while_the_filter_is_missing) {
  auto observed = attached();
  observed.ports[7].attached = false;
  EXPECT_EQ(status_of(veth0, observed, {}, 0).ofport, -1);
}

TEST(InterfaceStatus, counts_what_an_internal_device_sends_as_received) {
  auto observed = attached();
  observed.links["veth0"].made = model::MadeKind::internal;
  auto internal = veth0;
  internal.made = model::MadeKind::internal;
  const auto status = status_of(internal, observed, {}, 0);
  EXPECT_EQ(status.statistics.at("rx_packets"), 9);
  EXPECT_EQ(status.status.at("driver_name"), "weft");
}

TEST(InterfaceStatus, warns_of_a_foreign_device_with_an_internal_ports_name) {
  auto observed = attached();
  observed.ports.clear();
  auto internal = veth0;
  internal.made = model::MadeKind::internal;
  EXPECT_TRUE(status_of(internal, observed, {}, 0).error->contains("exists already"));
}

}  // namespace
}  // namespace weft::reconcile

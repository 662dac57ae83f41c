// What holds of wanted_from() whatever clients have written into the database.
#include <rapidcheck.h>

#include "reconcile/desired.hpp"
#include "reconcile/ofports.hpp"

namespace weft::reconcile {
namespace {

// Few names, so that they meet; good ones and bad ones.
const std::vector<std::string> names = {"br0", "br1", "veth0", "veth1", "", "lo", "a/b", "a-name-of-16-byt"};
const std::vector<std::string> types = {"", "system", "internal", "vxlan"};
const std::vector<std::string> modes = {"", "", "access", "trunk", "native-tagged", "dot1q-tunnel"};
const std::vector<std::string> texts = {
    "", "up", "down", "1", "0", "-1", "true", "02:00:00:00:00:01", "99999999999999999999"};

template <class T>
std::optional<T> maybe(rc::Gen<T> gen) {
  return *rc::gen::arbitrary<bool>() ? std::optional<T>(*gen) : std::nullopt;
}
// Around the limits, and anywhere.
rc::Gen<std::int64_t> any_number() {
  return rc::gen::oneOf(rc::gen::element<std::int64_t>(-1, 0, 1, 2, 68, 4095, 65279, 65280, 65535),
                        rc::gen::arbitrary<std::int64_t>());
}
Uuid row(int number) { return *Uuid::parse(fmt::format("00000000-0000-4000-8000-{:012}", number)); }

// A row may be referred to from several places: there are only a few.
InterfaceConfig any_interface() {
  const auto number = *rc::gen::inRange<std::size_t>(0, names.size());
  return {.uuid = row(static_cast<int>(number)),
          .name = names[number],
          .type = *rc::gen::elementOf(types),
          .ofport = maybe(any_number()),
          .ofport_request = maybe(any_number()),
          .mtu_request = maybe(any_number()),
          .mac = maybe(rc::gen::elementOf(texts)),
          .admin_state = maybe(rc::gen::elementOf(texts))};
}

Configuration any_configuration() {
  Configuration configuration;
  std::set<std::string> used;
  for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
    const auto name = *rc::gen::elementOf(names);
    if (!used.insert(name).second) continue;  // The database has each name once.
    BridgeConfig bridge{.uuid = row(100 + count),
                        .name = name,
                        .mac_aging_time = maybe(rc::gen::elementOf(texts)),
                        .hwaddr = maybe(rc::gen::elementOf(texts)),
                        .datapath_id = maybe(rc::gen::elementOf(texts))};
    for (int ports = *rc::gen::inRange(0, 6); ports > 0; --ports) {
      PortConfig port{.vlan_mode = *rc::gen::elementOf(modes),
                      .tag = maybe(any_number()),
                      .has_trunks = *rc::gen::arbitrary<bool>()};
      for (int interfaces = *rc::gen::inRange(1, 3); interfaces > 0; --interfaces) {
        port.interfaces.push_back(any_interface());
      }
      bridge.ports.push_back(std::move(port));
    }
    configuration.bridges.push_back(std::move(bridge));
  }
  return configuration;
}

TEST(WantedProperties, no_device_is_in_two_bridges_and_no_number_given_twice) {
  EXPECT_TRUE(rc::check([] {
    const auto wanted = wanted_from(any_configuration(), {});
    std::set<std::string> devices;
    for (const auto& [name, bridge] : wanted.desired.bridges) {
      std::set<std::uint16_t> numbers;
      RC_ASSERT(bridge.internals.contains(name));
      RC_ASSERT(bridge.ageing_s >= 1 && bridge.ageing_s <= 3600);
      for (const auto& [device, port] : bridge.ports) {
        RC_ASSERT(!device.empty() && device.size() <= 15 && device.find('/') == std::string::npos);
        RC_ASSERT(devices.insert(device).second);
        RC_ASSERT(numbers.insert(port.ofport).second);
        RC_ASSERT(port.ofport >= 1 && (port.ofport <= greatest_ofport || device == name));
        RC_ASSERT((port.vlan.mode == model::PortVlan::Mode::access) == (port.vlan.tag != 0));
      }
    }
  }));
}

TEST(WantedProperties, an_interface_is_a_port_or_says_why_not) {
  EXPECT_TRUE(rc::check([] {
    const auto wanted = wanted_from(any_configuration(), {});
    std::set<Uuid> seen;
    for (const auto& interface : wanted.interfaces) {
      RC_ASSERT(seen.insert(interface.uuid).second);
      RC_ASSERT(interface.is_port || !interface.error.empty());
      if (!interface.is_port) continue;
      RC_ASSERT(wanted.desired.bridges.at(interface.bridge).ports.at(interface.device).ofport == interface.ofport);
    }
  }));
}

}  // namespace
}  // namespace weft::reconcile

// What holds whatever clients write into the database, of what is wanted and of what the reconciler makes of it.
#include <rapidcheck.h>

#include "base/log.hpp"
#include "reconcile/configured_database.hpp"
#include "reconcile/fake_host.hpp"
#include "reconcile/reconciler.hpp"
#include "reconcile/wanted.hpp"

namespace weft::reconcile {
namespace {

// Few names, so that they meet; good ones and bad ones.
const std::vector<std::string> names = {"br0", "br1", "veth0", "veth1", "", "lo", "a/b", "a-name-of-16-byt"};
const std::vector<std::string> types = {"", "system", "internal", "patch", "patch", "vxlan"};
const std::vector<std::string> switches = {"true", "false"};
const std::vector<std::string> modes = {"", "", "access", "trunk", "native-tagged", "native-untagged", "dot1q-tunnel"};
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
std::set<std::int64_t> any_vlans() {
  using Numbers = std::set<std::int64_t>;
  return *rc::gen::elementOf(std::vector<Numbers>{{}, {}, {0}, {1}, {0, 2, 4095}, {-1, 68, 4096}});
}
Uuid row(int number) { return *Uuid::parse(fmt::format("00000000-0000-4000-8000-{:012}", number)); }

// A row may be referred to from several places: there are only a few.
InterfaceConfig plain_interface(std::size_t number) {
  return {.uuid = row(static_cast<int>(number)), .name = names[number]};
}
std::map<std::string, std::string> any_options() {
  std::map<std::string, std::string> options;
  if (*rc::gen::arbitrary<bool>()) options["remote_ip"] = *rc::gen::element<std::string>("10.0.0.2", "239.1.1.1", "x");
  if (*rc::gen::arbitrary<bool>()) options["key"] = *rc::gen::element<std::string>("0", "7", "16777216");
  if (*rc::gen::inRange(0, 4) == 0) options["dev"] = *rc::gen::elementOf(names);
  if (*rc::gen::arbitrary<bool>()) options["peer"] = *rc::gen::elementOf(names);
  return options;
}
InterfaceConfig any_interface() {
  const auto number = *rc::gen::inRange<std::size_t>(0, names.size());
  if (*rc::gen::arbitrary<bool>()) return plain_interface(number);
  return {.uuid = row(static_cast<int>(number)),
          .name = names[number],
          .type = *rc::gen::elementOf(types),
          .options = any_options(),
          .ofport = maybe(any_number()),
          .ofport_request = maybe(any_number()),
          .mtu_request = maybe(any_number()),
          .mac = maybe(rc::gen::elementOf(texts)),
          .admin_state = maybe(rc::gen::elementOf(texts)),
          .fast_path = maybe(rc::gen::elementOf(switches))};
}

Rows any_rows() {
  Rows rows;
  std::set<std::string> used;
  for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
    const auto name = *rc::gen::elementOf(names);
    if (!used.insert(name).second) continue;  // The database has each name once.
    BridgeRow bridge{.config = {.uuid = row(100 + count),
                                .name = name,
                                .flood_vlans = any_vlans(),
                                .mac_aging_time = maybe(rc::gen::elementOf(texts)),
                                .hwaddr = maybe(rc::gen::elementOf(texts)),
                                .datapath_id = maybe(rc::gen::elementOf(texts)),
                                .fast_path = maybe(rc::gen::elementOf(switches))}};
    for (int ports = *rc::gen::inRange(0, 6); ports > 0; --ports) {
      const auto number = *rc::gen::inRange(0, 8);
      if (*rc::gen::arbitrary<bool>()) {  // So that some stay the same, and only their place is another.
        bridge.ports.push_back({.uuid = row(200 + number),
                                .config = {.name = fmt::format("port{}", number)},
                                .interfaces = {plain_interface(static_cast<std::size_t>(number))}});
        continue;
      }
      PortRow port{.uuid = row(200 + number),
                   .config = {.name = fmt::format("port{}", number),
                              .vlan_mode = *rc::gen::elementOf(modes),
                              .tag = maybe(any_number()),
                              .trunks = any_vlans(),
                              .cvlans = any_vlans(),
                              .qinq_ethtype = maybe(rc::gen::element<std::string>("802.1q", "802.1ad", "")),
                              .priority_tags = maybe(rc::gen::element<std::string>("if-nonzero", "always", "")),
                              .fast_path = maybe(rc::gen::elementOf(switches))}};
      for (int interfaces = *rc::gen::inRange(1, 3); interfaces > 0; --interfaces) {
        port.interfaces.push_back(any_interface());
      }
      bridge.ports.push_back(std::move(port));
    }
    rows.push_back(std::move(bridge));
  }
  return rows;
}

TEST(WantedProperties, every_bridge_has_its_device_and_no_number_is_given_twice) {
  EXPECT_TRUE(rc::check([] {
    ConfiguredDatabase database(any_rows());
    Wanted wanted(database.database(), database.columns());
    wanted.update();
    std::set<std::pair<std::string, std::uint16_t>> numbers;
    for (const auto& [name, bridge] : wanted.desired().bridges) {
      RC_ASSERT(wanted.desired().devices.at(name).internal() != nullptr);
      RC_ASSERT(wanted.desired().devices.at(name).bridge == name);
      RC_ASSERT(bridge.ageing_s >= 1 && bridge.ageing_s <= 3600);
    }
    for (const auto& [name, device] : wanted.desired().devices) {
      const auto* patch = device.patch();
      const bool is_device_name = name.size() <= 15 && name.find('/') == std::string::npos;
      RC_ASSERT(!name.empty() && (is_device_name || patch != nullptr));
      if (patch != nullptr) {
        const auto other = wanted.desired().devices.find(patch->peer);
        const bool is_paired = other != wanted.desired().devices.end() && other->second.patch() != nullptr;
        RC_ASSERT(!is_paired || (other->second.patch()->peer == name && other->second.bridge != device.bridge));
      }
      RC_ASSERT(wanted.desired().bridges.contains(device.bridge));
      RC_ASSERT(device.port || device.made);
      if (!device.port) continue;
      const auto& [ofport, vlan, has_strict_remotes] = *device.port;
      RC_ASSERT(!has_strict_remotes || device.vxlan() != nullptr);
      RC_ASSERT(numbers.emplace(device.bridge, ofport).second);
      RC_ASSERT(ofport >= 1 && (ofport <= greatest_ofport || name == device.bridge));
      using Mode = model::PortVlan::Mode;
      RC_ASSERT(vlan.tag <= 4095 && (vlan.tag == 0 || vlan.mode != Mode::trunk));
      RC_ASSERT(vlan.vlans.empty() || vlan.mode != Mode::access);
      RC_ASSERT(std::ranges::all_of(vlan.vlans, [](auto number) { return number <= 4095; }));
      const bool is_native = vlan.mode == Mode::native_tagged || vlan.mode == Mode::native_untagged;
      RC_ASSERT(!is_native || vlan.tag == 0 || vlan.vlans.empty() || vlan.vlans.contains(vlan.tag));
    }
  }));
}

TEST(WantedProperties, an_interface_is_a_port_or_says_why_not) {
  EXPECT_TRUE(rc::check([] {
    ConfiguredDatabase database(any_rows());
    Wanted wanted(database.database(), database.columns());
    wanted.update();
    for (const auto& [device, interface] : wanted.interfaces()) {
      RC_ASSERT(interface.is_port || !interface.error.empty());
      if (!interface.is_port) continue;
      RC_ASSERT(wanted.desired().devices.at(device).bridge == interface.bridge);
      RC_ASSERT(wanted.desired().devices.at(device).port->ofport == interface.ofport);
    }
  }));
}

TEST(WantedProperties, what_commits_lead_to_is_what_the_database_says_and_the_scope_names_what_changed) {
  EXPECT_TRUE(rc::check([] {
    ConfiguredDatabase database;
    Wanted wanted(database.database(), database.columns());
    const auto subscription =
        database.database().subscribe([&](const ovsdb::ChangeSet& changes, const Uuid&) { wanted.note(changes); });
    for (int commit = 0; commit < 4; ++commit) {
      const auto before = wanted.desired();
      const auto interfaces_before = wanted.interfaces();
      for (int unnoticed = *rc::gen::inRange(0, 2); unnoticed >= 0; --unnoticed) database.configure(any_rows());
      const auto scope = wanted.update();
      const auto changed = model::difference(before, wanted.desired());
      RC_ASSERT(std::ranges::includes(scope.bridges, changed.bridges));
      RC_ASSERT(std::ranges::includes(scope.devices, changed.devices));
      for (const auto& [device, interface] : wanted.interfaces()) {
        const auto known = interfaces_before.find(device);
        const bool is_same = known != interfaces_before.end() && known->second == interface;
        RC_ASSERT(is_same || scope.devices.contains(device));
        database.write_ofport(interface.uuid, interface.ofport);  // As the reconciler does.
      }
      Wanted anew(database.database(), database.columns());
      anew.update();
      RC_ASSERT(wanted.desired() == anew.desired());
      RC_ASSERT(wanted.interfaces() == anew.interfaces());
      RC_ASSERT(wanted.bridges() == anew.bridges());
    }
    database.database().unsubscribe(subscription);
  }));
}

TEST(WantedProperties, a_converted_database_is_read_anew) {
  EXPECT_TRUE(rc::check([] {
    ConfiguredDatabase database(any_rows());
    Wanted wanted(database.database(), database.columns());
    wanted.update();
    database.configure(any_rows());  // Nobody is told of single rows.
    wanted.adapt(database.columns());
    wanted.update();
    for (const auto& [device, interface] : wanted.interfaces()) database.write_ofport(interface.uuid, interface.ofport);
    Wanted anew(database.database(), database.columns());
    anew.update();
    RC_ASSERT(wanted.desired() == anew.desired());
    RC_ASSERT(wanted.interfaces() == anew.interfaces());
  }));
}

// The configuration of clients, who leave status columns to the switch.
Rows any_clients_rows() {
  auto rows = any_rows();
  for (auto& bridge : rows) {
    for (auto& port : bridge.ports) {
      for (auto& interface : port.interfaces) interface.ofport = std::nullopt;
    }
  }
  return rows;
}

void do_something_on(FakeHost& host) {
  const auto name = *rc::gen::elementOf(names);
  const bool is_there = host.state().links.contains(name);
  if (!is_there) {
    host.add_device(name, {.mtu_bytes = *rc::gen::inRange<std::uint32_t>(1400, 1404), .carrier = true});
  } else if (*rc::gen::arbitrary<bool>()) {
    host.remove_device(name);
  } else {
    auto& device = host.device(name);
    device.mtu_bytes = *rc::gen::inRange<std::uint32_t>(1400, 1404);
    device.admin_up = *rc::gen::arbitrary<bool>();
    device.carrier = *rc::gen::arbitrary<bool>();
    device.peer_in_other_namespace = *rc::gen::arbitrary<bool>();
  }
}

std::vector<std::map<Uuid, std::vector<std::string>>> dump(const ovsdb::Database& database) {
  std::vector<std::map<Uuid, std::vector<std::string>>> tables;
  const auto& schema = database.schema();
  for (std::size_t table = 0; table < schema.tables.size(); ++table) {
    auto& rows = tables.emplace_back();
    const auto& columns = schema.tables[table].columns;
    for (const auto& [uuid, row] : database.rows(table)) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == "_version") continue;
        rows[uuid].push_back(columns[i].name + to_text(columns[i].type.datum_to_json(row->columns[i])));
      }
    }
  }
  return tables;
}

TEST(ReconcilerProperties, a_pass_over_what_changed_leaves_nothing_for_a_pass_over_everything) {
  set_console_level(LogLevel::error);
  EXPECT_TRUE(rc::check([] {
    ConfiguredDatabase database;
    FakeHost host;
    Reconciler reconciler(database.database(), host, database.columns(), [] {});
    const auto pass = [&] {
      do RC_ASSERT(reconciler.pass(false).has_value());
      while (reconciler.is_due());
    };
    for (int round = 0; round < 5; ++round) {
      if (*rc::gen::arbitrary<bool>()) database.configure(any_clients_rows());
      for (int changes = *rc::gen::inRange(0, 4); changes > 0; --changes) do_something_on(host);
      pass();

      const auto after_changes = dump(database.database());
      host.forget_applied();
      host.break_observation(true);
      RC_ASSERT(!reconciler.pass(false).has_value());
      host.break_observation(false);
      pass();
      for (const auto& step : host.applied()) RC_FAIL(plan::explain(step));
      RC_ASSERT(dump(database.database()) == after_changes);
    }
  }));
}

}  // namespace
}  // namespace weft::reconcile

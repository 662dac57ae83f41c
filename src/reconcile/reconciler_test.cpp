// The reconciler between a database in memory and a fake host.
#include "reconcile/reconciler.hpp"

#include "base/log.hpp"
#include "ovsdb/execution.hpp"
#include "reconcile/fake_host.hpp"
#include "schema/vswitch.hpp"

namespace weft::reconcile {
namespace {

class ReconcilerTest : public testing::Test {
 protected:
  ReconcilerTest() : database_(*ovsdb::DatabaseSchema::from_json(*parse_json(vswitch_schema())), nullptr) {
    set_console_level(LogLevel::error);
    start();
    EXPECT_TRUE(reconciler_->introduce({.hostname = "host1", .run_directory = "/run"}));
    settle();
  }

  void start() {
    const auto columns = Columns::resolve(database_.schema(), database_.schema());
    reconciler_ = std::make_unique<Reconciler>(database_, host_, *columns, [this] { ++wakes_; });
  }
  // weftd is killed, and is not back yet: kernel and database stay.
  void kill() { reconciler_.reset(); }
  void settle(bool with_statistics = false) {
    do {
      ASSERT_TRUE(reconciler_->pass(with_statistics));
    } while (reconciler_->is_due());
  }
  void operator_changed_devices() {
    reconciler_->note_links_changed();
    settle();
  }

  // The clients' side. Transactions are as ovs-vsctl makes them, with next_cfg counted up.
  void transact(const std::string& operations) {
    const auto parsed = parse_json(fmt::format("[{}]", operations));
    ASSERT_TRUE(parsed) << operations;
    const auto result = ovsdb::execute(database_, parsed->as_array());
    const auto text = to_text(std::get<json::array>(result));
    ASSERT_EQ(text.find("error"), std::string::npos) << text;
  }
  void configure(const std::string& operations) {
    transact(operations + R"(, {"op": "mutate", "table": "Open_vSwitch", "where": [],
                                "mutations": [["next_cfg", "+=", 1]]})");
  }
  void add_bridge(const std::string& name) {
    configure(fmt::format(R"(
      {{"op": "insert", "table": "Interface", "uuid-name": "i", "row": {{"name": "{0}", "type": "internal"}}}},
      {{"op": "insert", "table": "Port", "uuid-name": "p", "row": {{"name": "{0}", "interfaces": ["named-uuid", "i"]}}}},
      {{"op": "insert", "table": "Bridge", "uuid-name": "b", "row": {{"name": "{0}", "ports": ["named-uuid", "p"]}}}},
      {{"op": "mutate", "table": "Open_vSwitch", "where": [],
        "mutations": [["bridges", "insert", ["named-uuid", "b"]]]}})",
                          name));
  }
  void add_port(const std::string& bridge, const std::string& device, const std::string& interface_columns = "") {
    configure(fmt::format(R"(
      {{"op": "insert", "table": "Interface", "uuid-name": "i", "row": {{"name": "{1}"{2}}}}},
      {{"op": "insert", "table": "Port", "uuid-name": "p", "row": {{"name": "{1}", "interfaces": ["named-uuid", "i"]}}}},
      {{"op": "mutate", "table": "Bridge", "where": [["name", "==", "{0}"]],
        "mutations": [["ports", "insert", ["named-uuid", "p"]]]}})",
                          bridge, device, interface_columns));
  }
  void set_interface(const std::string& device, const std::string& columns) {
    configure(fmt::format(R"({{"op": "update", "table": "Interface", "where": [["name", "==", "{}"]], "row": {{{}}}}})",
                          device, columns));
  }
  void del_all_bridges() {
    configure(R"({"op": "update", "table": "Open_vSwitch", "where": [], "row": {"bridges": ["set", []]}})");
  }

  // A column as JSON text; of a table without names, of its first row.
  std::string read(const std::string& table, const std::string& name, const std::string& column) {
    const auto position = *database_.schema().find(table);
    const auto& schema = database_.schema().tables[position];
    for (const auto& [uuid, row] : database_.rows(position)) {
      const auto* found = name.empty() ? nullptr : row->columns[*schema.find("name")].single<std::string>();
      if (!name.empty() && (found == nullptr || *found != name)) continue;
      const auto at = *schema.find(column);
      return to_text(schema.columns[at].type.datum_to_json(row->columns[at]));
    }
    return "no row";
  }
  std::string interface(const std::string& device, const std::string& column) {
    return read("Interface", device, column);
  }

  ovsdb::Database database_;
  FakeHost host_;
  int wakes_ = 0;
  std::unique_ptr<Reconciler> reconciler_;
};

constexpr const char* no_value = R"(["set",[]])";

TEST_F(ReconcilerTest, introduces_the_switch_in_an_empty_database) {
  EXPECT_EQ(read("Open_vSwitch", "", "ovs_version"), R"("3.1.0")");
  EXPECT_EQ(read("Open_vSwitch", "", "db_version"), R"("8.3.1")");
  const auto ids = read("Open_vSwitch", "", "external_ids");
  EXPECT_TRUE(ids.contains(R"(["hostname","host1"])")) << ids;
  kill();
  start();
  EXPECT_TRUE(reconciler_->introduce({.hostname = "other", .run_directory = "/run"}));
  EXPECT_EQ(read("Open_vSwitch", "", "external_ids"), ids);  // The system-id is for ever.
}

TEST_F(ReconcilerTest, builds_what_clients_commit_and_reports_it_with_cur_cfg) {
  host_.add_device("veth0", {.mac = MacAddress({2, 0, 0, 0, 0, 9}), .mtu_bytes = 1450, .carrier = true});
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  EXPECT_EQ(host_.state().ports.size(), 2u);
  EXPECT_EQ(interface("veth0", "ofport"), "1");
  EXPECT_EQ(interface("br0", "ofport"), "65534");
  EXPECT_EQ(interface("veth0", "mac_in_use"), R"("02:00:00:00:00:09")");
  EXPECT_EQ(interface("veth0", "link_state"), R"("up")");
  EXPECT_EQ(interface("veth0", "error"), no_value);
  EXPECT_EQ(interface("br0", "mtu"), "1450");
  EXPECT_EQ(read("Open_vSwitch", "", "cur_cfg"), "2");
  EXPECT_TRUE(read("Bridge", "br0", "datapath_id").starts_with("\"0000"));
}

TEST_F(ReconcilerTest, reports_no_cur_cfg_before_the_port_has_its_number) {
  host_.add_device("veth0");
  add_bridge("br0");
  const auto subscription = database_.subscribe([&](const ovsdb::ChangeSet&, const Uuid&) {
    if (read("Open_vSwitch", "", "cur_cfg") == "1") {
      EXPECT_EQ(interface("br0", "ofport"), "65534");
    }
  });
  settle();
  database_.unsubscribe(subscription);
  EXPECT_EQ(read("Open_vSwitch", "", "cur_cfg"), "1");
}

TEST_F(ReconcilerTest, lets_a_port_wait_for_its_device_again_and_again) {
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(interface("veth0", "ofport"), "-1");
    EXPECT_EQ(interface("veth0", "error"), R"x("could not open network device veth0 (No such device)")x");
    EXPECT_EQ(interface("veth0", "mac_in_use"), no_value);
    EXPECT_EQ(host_.state().ports.size(), 1u);

    host_.add_device("veth0");
    operator_changed_devices();
    EXPECT_EQ(interface("veth0", "ofport"), "1");
    EXPECT_EQ(interface("veth0", "error"), no_value);
    EXPECT_EQ(host_.state().ports.size(), 2u);

    host_.remove_device("veth0");
    operator_changed_devices();
  }
}

TEST_F(ReconcilerTest, keeps_the_number_of_a_device_that_is_away_for_it) {
  host_.add_device("veth0");
  host_.add_device("veth1");
  add_bridge("br0");
  add_port("br0", "veth1");
  settle();
  host_.remove_device("veth1");
  operator_changed_devices();
  add_port("br0", "veth0");
  settle();
  host_.add_device("veth1");
  operator_changed_devices();
  EXPECT_EQ(interface("veth1", "ofport"), "1");
  EXPECT_EQ(interface("veth0", "ofport"), "2");
}

TEST_F(ReconcilerTest, adopts_what_is_there_after_a_restart) {
  host_.add_device("veth0");
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  host_.device("br0").admin_up = true;
  operator_changed_devices();
  kill();
  host_.forget_applied();
  start();
  settle();
  EXPECT_TRUE(host_.applied().empty()) << plan::explain(host_.applied().front());
  EXPECT_EQ(interface("veth0", "ofport"), "1");
}

TEST_F(ReconcilerTest, rebuilds_everything_after_a_cold_start) {
  host_.add_device("veth0");
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  const auto mac = interface("br0", "mac_in_use");
  host_.device("br0").admin_up = true;
  operator_changed_devices();
  kill();
  host_ = FakeHost();  // A reboot.
  start();
  settle();
  EXPECT_TRUE(host_.device("br0").admin_up);
  EXPECT_EQ(interface("br0", "mac_in_use"), mac);
  EXPECT_EQ(interface("veth0", "ofport"), "-1");
}

TEST_F(ReconcilerTest, leaves_a_new_bridge_down_until_somebody_sets_it_up) {
  add_bridge("br0");
  settle();
  EXPECT_FALSE(host_.device("br0").admin_up);
  EXPECT_EQ(interface("br0", "other_config"), R"(["map",[]])");
}

TEST_F(ReconcilerTest, takes_the_last_admin_state_of_database_and_operator) {
  add_bridge("br0");
  set_interface("br0", R"("other_config": ["map", [["admin-state", "up"]]])");
  settle();
  EXPECT_TRUE(host_.device("br0").admin_up);

  host_.device("br0").admin_up = false;
  operator_changed_devices();
  EXPECT_EQ(interface("br0", "other_config"), R"(["map",[["admin-state","down"]]])");

  set_interface("br0", R"("other_config": ["map", [["admin-state", "up"]]])");
  settle();
  EXPECT_TRUE(host_.device("br0").admin_up);
  EXPECT_EQ(interface("br0", "admin_state"), R"("up")");
}

TEST_F(ReconcilerTest, tells_an_error_at_its_interface_and_goes_on_with_the_others) {
  for (const auto* device : {"veth0", "veth1", "veth2"}) host_.add_device(device);
  host_.break_subject("veth1", "veth1: no room for a filter");
  add_bridge("br0");
  for (const auto* device : {"veth0", "veth1", "veth2"}) add_port("br0", device);
  settle();
  EXPECT_EQ(interface("veth1", "error"), R"("veth1: no room for a filter")");
  EXPECT_EQ(interface("veth1", "ofport"), "-1");
  EXPECT_EQ(interface("veth0", "ofport"), "1");
  EXPECT_EQ(interface("veth2", "ofport"), "3");
  EXPECT_EQ(read("Open_vSwitch", "", "cur_cfg"), "4");  // Nobody waits for ever.

  host_.repair_subject("veth1");
  settle(true);  // What failed is tried again at each interval.
  EXPECT_EQ(interface("veth1", "ofport"), "2");
  EXPECT_EQ(interface("veth1", "error"), no_value);
}

TEST_F(ReconcilerTest, gives_up_for_now_where_somebody_undoes_its_steps) {
  host_.add_device("veth0");
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  EXPECT_FALSE(reconciler_->is_contested());
  host_.contest_subject("br0");
  host_.device("br0").mtu_bytes = 9000;
  operator_changed_devices();
  EXPECT_TRUE(reconciler_->is_contested());
  EXPECT_EQ(interface("veth0", "ofport"), "1");
}

TEST_F(ReconcilerTest, says_so_where_the_kernel_cannot_be_seen_and_recovers) {
  add_bridge("br0");
  host_.break_observation(true);
  EXPECT_FALSE(reconciler_->pass(false));
  EXPECT_EQ(interface("br0", "error"), R"("the kernel does not answer")");
  EXPECT_EQ(interface("br0", "ofport"), "-1");
  EXPECT_EQ(read("Open_vSwitch", "", "cur_cfg"), "1");
  host_.break_observation(false);
  settle();
  EXPECT_EQ(interface("br0", "ofport"), "65534");
  EXPECT_EQ(interface("br0", "error"), no_value);
}

TEST_F(ReconcilerTest, tells_what_a_guest_was_given_until_it_is_not_so_any_more) {
  host_.add_device("veth0");
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  const auto version = reconciler_->desired_version();
  const auto before = interface("veth0", "status");
  reconciler_->set_guest_status("veth0", {{"ip_address", "10.0.0.5"}});
  EXPECT_TRUE(reconciler_->is_due());
  settle();
  EXPECT_NE(interface("veth0", "status").find(R"(["ip_address","10.0.0.5"])"), std::string::npos);
  reconciler_->set_guest_status("veth0", {{"ip_address", "10.0.0.5"}});
  reconciler_->set_guest_status("nobody", {});
  EXPECT_FALSE(reconciler_->is_due());
  reconciler_->set_guest_status("veth0", {});
  settle();
  EXPECT_EQ(interface("veth0", "status"), before);
  EXPECT_EQ(reconciler_->desired_version(), version);
}

TEST_F(ReconcilerTest, names_in_the_status_of_a_bridge_what_it_cannot_serve) {
  add_bridge("br0");
  configure(R"({"op": "update", "table": "Bridge", "where": [], "row": {"other_config": ["map", [["subnet", "x"]]]}})");
  settle();
  EXPECT_NE(read("Bridge", "br0", "status").find("not an IPv4 subnet"), std::string::npos);
  configure(R"({"op": "update", "table": "Bridge", "where": [], "row": {"other_config": ["map", []]}})");
  settle();
  EXPECT_EQ(read("Bridge", "br0", "status"), R"(["map",[]])");
}

TEST_F(ReconcilerTest, leaves_nothing_behind_when_the_bridges_go) {
  host_.add_device("veth0");
  const auto before = host_.state();
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  EXPECT_TRUE(reconciler_->has_bridges());
  del_all_bridges();
  settle();
  EXPECT_EQ(host_.state(), before);
  EXPECT_FALSE(reconciler_->has_bridges());
}

TEST_F(ReconcilerTest, wakes_once_for_many_commits_and_not_for_its_own) {
  wakes_ = 0;
  add_bridge("br0");
  add_port("br0", "veth0");
  EXPECT_EQ(wakes_, 1);
  settle();
  EXPECT_EQ(wakes_, 1);
  EXPECT_FALSE(reconciler_->is_due());
}

TEST_F(ReconcilerTest, does_not_wake_for_columns_that_say_nothing_to_it) {
  add_bridge("br0");
  settle();
  wakes_ = 0;
  transact(R"({"op": "update", "table": "Bridge", "where": [], "row": {"external_ids": ["map", [["a", "b"]]]}})");
  EXPECT_EQ(wakes_, 0);
}

TEST_F(ReconcilerTest, refreshes_statistics_only_when_asked_to) {
  host_.add_device("veth0");
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  host_.device("veth0").statistics.rx_packets = 5;
  settle(false);
  EXPECT_TRUE(interface("veth0", "statistics").contains(R"(["rx_packets",0])"));
  settle(true);
  EXPECT_TRUE(interface("veth0", "statistics").contains(R"(["rx_packets",5])"));
}

TEST_F(ReconcilerTest, counts_how_often_a_link_came_and_went) {
  host_.add_device("veth0", {.carrier = true});
  add_bridge("br0");
  add_port("br0", "veth0");
  settle();
  for (const bool carrier : {false, true}) {
    host_.device("veth0").carrier = carrier;
    operator_changed_devices();
  }
  EXPECT_EQ(interface("veth0", "link_resets"), "2");
}

TEST_F(ReconcilerTest, tells_in_a_port_which_addresses_move_too_fast_and_forgets_it_when_they_stay) {
  add_bridge("br0");
  host_.add_device("veth0");
  add_port("br0", "veth0");
  settle();
  EXPECT_EQ(read("Port", "veth0", "status"), R"(["map",[]])");
  host_.set_flaps("veth0", {{.address = *MacAddress::parse("02:00:00:00:00:01"), .vlan = 7, .other_port = "veth1"},
                            {.address = *MacAddress::parse("02:00:00:00:00:02"), .vlan = 0, .other_port = "veth2"}});
  operator_changed_devices();
  EXPECT_EQ(
      read("Port", "veth0", "status"),
      R"(["map",[["flapping","02:00:00:00:00:01 in VLAN 7 with veth1, 02:00:00:00:00:02 in VLAN 0 with veth2"]]])");
  host_.set_flaps("veth0", {});
  operator_changed_devices();
  EXPECT_EQ(read("Port", "veth0", "status"), R"(["map",[]])");
}

TEST_F(ReconcilerTest, follows_the_interval_for_statistics_but_not_below_five_seconds) {
  using std::chrono::milliseconds;
  EXPECT_EQ(reconciler_->stats_interval(), milliseconds(5000));
  for (const auto& [text, expected] : {std::pair("20000", 20000), {"1", 5000}, {"soon", 5000}}) {
    transact(fmt::format(R"({{"op": "update", "table": "Open_vSwitch", "where": [],
                              "row": {{"other_config": ["map", [["stats-update-interval", "{}"]]]}}}})",
                         text));
    settle();
    EXPECT_EQ(reconciler_->stats_interval(), milliseconds(expected)) << text;
  }
}

}  // namespace
}  // namespace weft::reconcile

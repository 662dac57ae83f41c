// What weft shows, from answers as weftd and the database give them.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "inspect/drops.hpp"
#include "inspect/quantity.hpp"
#include "inspect/status.hpp"
#include "inspect/top.hpp"
#include "inspect/trace.hpp"

namespace weft::inspect {
namespace {

constexpr cli::Style plain{.has_colours = false, .has_unicode = true};
constexpr cli::Style painted{.has_colours = true, .has_unicode = true};

json::value parse(std::string_view text) { return parse_json(text).value(); }
std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}", fmt::join(lines, "\n")); }

json::value drops_answer(int time, int first, int second) {
  return parse(fmt::format(R"({{"time": {}, "drops": [
    {{"port": "veth1", "bridge": "lu-br0", "reason": "bad-source", "text": "it is bad", "frames": {}}},
    {{"port": "veth0", "bridge": "lu-br0", "reason": "no-receiver", "text": "nobody is there", "frames": {}}},
    {{"port": "eth9", "reason": "no-port", "text": "no port", "frames": 1}}]}})",
                           time, first, second));
}

TEST(DropsView, shows_every_counter_by_port) {
  EXPECT_EQ(joined(show_drops(read_drops(drops_answer(5, 12, 3)), plain)),
            "  frames  port   bridge  because\n"
            "       1  eth9           no port\n"
            "       3  veth0  lu-br0  nobody is there\n"
            "      12  veth1  lu-br0  it is bad");
}

TEST(DropsView, says_that_there_are_none) {
  EXPECT_EQ(joined(show_drops(read_drops(parse(R"({"time": 1, "drops": []})")), plain)), "No frame was dropped.");
}

TEST(DropsView, shows_what_moves) {
  const auto began = read_drops(drops_answer(10, 12, 3));
  const auto before = read_drops(drops_answer(12, 20, 3));
  const auto now = read_drops(drops_answer(14, 4020, 3));
  EXPECT_EQ(joined(show_moving_drops(began, before, now, plain)),
            "weft drops   4024 frames in all, 4008 in 4 s of watching\n"
            "\n"
            "a second  watched  in all  port   bridge  because\n"
            "       ·        ·       1  eth9           no port\n"
            "       ·        ·       3  veth0  lu-br0  nobody is there\n"
            "  2.00 k     4008    4020  veth1  lu-br0  it is bad");
  EXPECT_EQ(joined(tell_moved_drops(before, now)), "14.0 veth1 +4000 bad-source: it is bad");
}

TEST(DropsView, begins_anew_with_a_port_that_came_back) {
  EXPECT_EQ(joined(tell_moved_drops(read_drops(drops_answer(1, 100, 3)), read_drops(drops_answer(2, 7, 3)))),
            "2.0 veth1 +7 bad-source: it is bad");
}

TEST(TraceView, tells_decisions_then_receivers_then_the_verdict) {
  const auto answer = parse(R"({"frame": "a > b", "bytes": 42, "bridge": "lu-br0", "port": "veth0", "decisions": [
    {"decision": "entered", "port": "veth0", "text": "enters by veth0"},
    {"decision": "copy-to", "port": "veth1", "text": "to veth1"},
    {"decision": "not-back", "port": "veth0", "text": "not to veth0"}],
    "sent-to": ["veth1"], "remarks": ["veth1 is down: it loses the frame"]})");
  EXPECT_EQ(joined(show_trace(answer, plain)),
            "a > b, 42 bytes\n"
            "on bridge lu-br0:\n"
            "\n"
            "  · enters by veth0\n"
            "    → to veth1\n"
            "    · not to veth0\n"
            "\n"
            "Note: veth1 is down: it loses the frame.\n"
            "veth1 gets it. Nothing was sent, learned or counted.");
}

TEST(TraceView, tells_what_was_dropped) {
  const auto answer = parse(R"({"frame": "a > b", "bytes": 42, "bridge": "lu-br0", "decisions": [
    {"decision": "dropped", "port": "veth0", "text": "counted at veth0: it is bad"}], "sent-to": []})");
  EXPECT_TRUE(joined(show_trace(answer, plain))
                  .ends_with("  ✗ counted at veth0: it is bad\n\n"
                             "Nobody gets it. Nothing was sent, learned or counted."));
  EXPECT_TRUE(joined(show_trace(answer, painted)).contains("\033[31m✗\033[0m"));
}

json::value traffic_answer(double time, std::vector<std::pair<std::string, int>> frames) {
  std::string ports;
  for (const auto& [name, count] : frames) {
    ports += fmt::format(R"({}{{"port": "{}", "bridge": "b", "rx": {{"frames": {}, "bytes": {}, "dropped": 0}},
                            "tx": {{"frames": 0, "bytes": 0, "dropped": 0}}}})",
                         ports.empty() ? "" : ",", name, count, count * 1000);
  }
  return parse(fmt::format(R"({{"time": {}, "ports": [{}]}})", time, ports));
}

std::vector<std::string> names_of(const std::vector<PortTraffic>& rates) {
  std::vector<std::string> names;
  for (const auto& port : rates) names.push_back(port.port);
  return names;
}

TEST(Top, sorts_ports_by_what_they_move_a_second) {
  Top top(TopOrder::bytes);
  top.take(read_traffic(traffic_answer(1, {{"a", 1'000'000}, {"b", 0}})));
  EXPECT_FALSE(top.has_rates());
  top.take(read_traffic(traffic_answer(3, {{"a", 1'000'000}, {"b", 2'000}})));
  ASSERT_EQ(names_of(top.rates()), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(top.rates()[0].traffic.rx_frames, 1000);
  EXPECT_EQ(joined(show_top(top.rates(), plain, 10)),
            "weft top   2 ports   in 8.00 Mbit/s, 1.00 k frames/s   out 0 bit/s, 0 frames/s\n"
            "\n"
            "port  bridge           in  frames/s  out  frames/s  lost/s\n"
            "b     b       8.00 Mbit/s    1.00 k    ·         ·       ·  ████████████████████\n"
            "a     b                 ·         ·    ·         ·       ·");
}

TEST(Top, does_not_turn_its_lines_over_for_one_quiet_moment) {
  Top top(TopOrder::frames);
  int a = 0;
  int b = 0;
  double time = 0;
  const auto step = [&](int more_a, int more_b) {
    top.take(read_traffic(traffic_answer(time++, {{"a", a += more_a}, {"b", b += more_b}})));
    return names_of(top.rates()).front();
  };
  for (int i = 0; i < 5; ++i) step(1000, 500);
  EXPECT_EQ(step(400, 500), "a");
  for (int i = 0; i < 10; ++i) step(400, 500);
  EXPECT_EQ(step(400, 500), "b");
}

TEST(Top, forgets_ports_that_left_and_does_not_count_backwards) {
  Top top(TopOrder::name);
  top.take(read_traffic(traffic_answer(1, {{"a", 100}, {"b", 100}})));
  top.take(read_traffic(traffic_answer(2, {{"b", 5}})));
  ASSERT_EQ(names_of(top.rates()), std::vector<std::string>{"b"});
  EXPECT_EQ(top.rates()[0].traffic.rx_frames, 0);
}

TEST(Top, says_how_many_ports_do_not_fit) {
  std::vector<PortTraffic> rates(10);
  const auto lines = show_top(rates, plain, 7);
  EXPECT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines.back(), "... and 7 more");
}

const auto* const rows = R"([
  {"rows": [{"_uuid": ["uuid", "b1"], "name": "lu-br0", "ports": ["set", [["uuid", "p1"], ["uuid", "p2"]]]}]},
  {"rows": [{"_uuid": ["uuid", "p1"], "name": "veth0", "interfaces": ["uuid", "i1"], "tag": 10, "trunks": ["set", []],
             "vlan_mode": ["set", []]},
            {"_uuid": ["uuid", "p2"], "name": "lu-br0", "interfaces": ["uuid", "i2"], "tag": ["set", []],
             "trunks": ["set", [1, 2]], "vlan_mode": "native-tagged"}]},
  {"rows": [{"_uuid": ["uuid", "i1"], "name": "veth0", "type": "", "error": "no such device"},
            {"_uuid": ["uuid", "i2"], "name": "lu-br0", "type": "internal", "error": ["set", []]}]}])";

TEST(StatusView, shows_each_port_and_what_is_wrong) {
  const auto ports = parse(R"({"ports": [{"port": "lu-br0", "kind": "internal", "attached": true, "up": true,
    "carrier": true, "mtu": 1500, "carries": 1450, "rx": {"bytes": 1500}, "tx": {"bytes": 0}, "vxlan": {"vni": 7, "port": 4789, "remote": "239.0.0.1"}}]})");
  const auto drops = parse(R"({"drops": [{"port": "lu-br0", "frames": 3}, {"port": "lu-br0", "frames": 4}]})");
  const auto status = read_status(parse(rows), ports, drops).value();
  EXPECT_EQ(joined(show_status(status, plain)),
            "lu-br0  packets of up to 1450 bytes go through its tunnels\n"
            "  ✓  lu-br0  internal  in 1.50 kB  out 0 B  7 dropped  native-tagged, trunk of 1, 2, VNI 7 to 239.0.0.1, "
            "UDP port 4789, carries 1450 bytes\n"
            "  ✗  veth0                                             VLAN 10\n"
            "\n"
            "One port does not work:\n"
            "  veth0: no such device");
  EXPECT_EQ(count_problems(status), 1U);
  EXPECT_EQ(status_json(status).at("problems"), 1U);
  EXPECT_EQ(status_json(status).at("bridges").at(0).at("carries"), 1450U);
}

TEST(StatusView, tells_the_name_of_a_port_once) {
  const auto show = [](const char* problem) {
    return show_status({{.name = "br0", .ports = {{.name = "p1", .problem = problem}}}}, plain).back();
  };
  EXPECT_EQ(show("p1: its peer x does not exist"), "  p1: its peer x does not exist");
  EXPECT_EQ(show("p1 is in bridge br1 already"), "  p1 is in bridge br1 already");
  EXPECT_EQ(show("no route to 10.0.0.1"), "  p1: no route to 10.0.0.1");
  EXPECT_EQ(show("p10: it is in use"), "  p1: p10: it is in use");
}

TEST(StatusView, helps_who_has_no_bridge) {
  const auto status = read_status(parse(R"([{"rows": []}, {"rows": []}, {"rows": []}])"), {}, {}).value();
  EXPECT_EQ(joined(show_status(status, plain)), "No bridge yet; \"ovs-vsctl add-br NAME\" makes one.");
  EXPECT_FALSE(read_status(parse("[]"), {}, {}));
}

TEST(Quantity, has_three_digits) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(999.6), "1.00 k");
  EXPECT_EQ(count_text(99'960), "100 k");
  EXPECT_EQ(bits_text(1.25e9), "10.0 Gbit/s");
  EXPECT_EQ(bytes_text(123'456), "123 kB");
}

TEST(Style, clips_by_columns_and_ends_colours) {
  EXPECT_EQ(cli::width_of("\033[31m✗\033[0m ab"), 4U);
  EXPECT_EQ(cli::clip("\033[31m✗✗\033[0m ab", 1), "\033[31m✗\033[0m");
  EXPECT_EQ(cli::clip("abc", 5), "abc");
  EXPECT_EQ(plain.bar(0.5, 4), "██");
  EXPECT_EQ(plain.bar(0.5, 1), "▌");
  EXPECT_EQ(cli::Style{}.bar(0.5, 4), "##");
}

}  // namespace
}  // namespace weft::inspect

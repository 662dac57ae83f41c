#include <gtest/gtest.h>

#include "base/xml_text.hpp"
#include "topology/lab_mermaid.hpp"
#include "topology/lab_svg.hpp"
#include "topology/lab_text.hpp"
#include "topology/lab_text_picture.hpp"

namespace weft::topology {
namespace {

const std::string two_with_guests =
    two_hosts +
    "containers: {cn1: {host: host1, address: 192.168.100.11}, cn2: {host: host2, address: 192.168.100.12}}\n"
    "vms: {vm1: {host: host1, address: 192.168.100.21}, vm2: {host: host2, address: 192.168.100.22}}\n";

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(Scene, folds_what_is_much_but_hides_nothing_that_is_down) {
  const auto lab = must_read(two_hosts + "containers: {c: {per-host: 100}}");
  auto scene = make_scene(lab, {});
  ASSERT_EQ(scene.hosts[0].bridges[0].endpoints.size(), shown_when_folded);
  EXPECT_EQ(scene.hosts[0].bridges[0].endpoints[0].name, "c1");
  EXPECT_EQ(scene.hosts[0].bridges[0].more, 97U);
  scene = make_scene(lab, {{}, {{"c199", Health::down}}, {}, {}});
  EXPECT_EQ(scene.hosts[0].bridges[0].endpoints[0].name, "c199");
  EXPECT_EQ(scene.hosts[0].bridges[0].endpoints[1].name, "c1");
}

TEST(Scene, has_bridges_where_a_tunnel_or_somebody_is) {
  const auto scene = make_scene(
      must_read("hosts: [a, b]\nnetworks: {n: {vni: 1, remotes: all}, m: {}}\ncontainers: {c: {host: b, network: m}}"),
      {});
  EXPECT_EQ(scene.hosts[0].bridges.size(), 1U);
  EXPECT_EQ(scene.hosts[1].bridges.size(), 2U);
}

TEST(Scene, shows_what_is_known_of_the_state) {
  const auto scene = make_scene(must_read(two_with_guests), {{{"host1", Health::up}},
                                                             {{"vm1", Health::down}},
                                                             {{{"host2", "vxlan0"}, Health::down}},
                                                             {{"cn1", {"10.9.9.9"}}}});
  EXPECT_EQ(scene.summary, "2 hosts, 2 containers, 2 virtual machines");
  EXPECT_EQ(scene.hosts[0].health, Health::up);
  EXPECT_EQ(scene.hosts[1].health, Health::unknown);
  EXPECT_EQ(scene.hosts[1].bridges[0].tunnel_health, Health::down);
  EXPECT_EQ(scene.hosts[0].bridges[0].endpoints[0].addresses, std::vector<std::string>{"10.9.9.9"});
  EXPECT_EQ(scene.hosts[0].bridges[0].endpoints[1].health, Health::down);
}

TEST(TextPicture, draws_the_tutorials_lab) {
  EXPECT_EQ(to_text_picture(make_scene(must_read(two_with_guests), {}), 80, true),
            "┌─ host1 ─────────────────────┐    ┌─ host2 ─────────────────────┐\n"
            "│ lu-br0 ── vxlan0, VNI 100   │    │ lu-br0 ── vxlan0, VNI 100   │\n"
            "│ ├─ cn1       192.168.100.11 │    │ ├─ cn2       192.168.100.12 │\n"
            "│ └─ vm1 (VM)  192.168.100.21 │    │ └─ vm2 (VM)  192.168.100.22 │\n"
            "│        172.31.99.1 eth0 ─┐  │    │        172.31.99.2 eth0 ─┐  │\n"
            "└──────────────────────────┼──┘    └──────────────────────────┼──┘\n"
            "                           │                                  │\n"
            "═══════════════════════════╧══════════════════════════════════╧═══\n"
            "net0: 192.168.100.0/24, VNI 100, group 239.0.0.1, UDP port 4789, MTU 1450\n");
}

TEST(TextPicture, draws_in_ascii_one_below_the_other_and_with_marks) {
  const auto lab = must_read(
      "hosts: {a: {}, b: {switch: linux-bridge}}\nnetworks: {n: {vni: 1, remotes: all}}\ncontainers: {c: {host: b}}");
  EXPECT_EQ(to_text_picture(make_scene(lab, {{{"a", Health::up}, {"b", Health::down}}, {{"c", Health::down}}, {}, {}}),
                            40, false),
            "+- a + -------------------+\n"
            "| lu-br0 -- vxlan0, VNI 1 |\n"
            "|    172.31.99.1 eth0 -+  |\n"
            "+----------------------+--+\n"
            "                       |\n"
            "=======================+===\n"
            "+- b (Linux bridge) x ----+\n"
            "| lu-br0 -- vxlan0, VNI 1 |\n"
            "| `- c x                  |\n"
            "|    172.31.99.2 eth0 -+  |\n"
            "+----------------------+--+\n"
            "                       |\n"
            "=======================+===\n"
            "n: VNI 1, to each host, UDP port 4789, MTU 1450\n");
}

TEST(Svg, has_every_host_and_endpoint_once) {
  const auto svg = to_svg(make_scene(must_read(two_with_guests), {}));
  for (const auto* text : {">host1<", ">host2<", ">cn1<", ">vm2<", ">192.168.100.22<", ">eth0 · 172.31.99.1<"}) {
    EXPECT_EQ(count_of(svg, text), 1U) << text;
  }
  EXPECT_EQ(count_of(svg, ">lu-br0<"), 2U);
  EXPECT_EQ(count_of(svg, ">vxlan0 · VNI 100<"), 2U);
}

TEST(Svg, escapes_whatever_stands_in_a_text) {
  EXPECT_EQ(escape_xml("<a href=\"x\">'&\x01"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;?");
  Scene scene{
      "</title><script>",
      "a & b",
      {{"<h>", "<s>", "<d>", {"<x>"}, Health::up, {{"<b>", "<t>", 1, Health::up, {{"<e>", {"<y>"}, "<p>"}}, 2}}}},
      {{"<n>", "<f>"}}};
  scene.hosts.push_back(scene.hosts[0]);
  const auto svg = to_svg(scene);
  for (const auto* part : {"<h>", "<s>", "<d>", "<x>", "<b>", "<t>", "<e>", "<y>", "<n>", "<f>", "<script>", "a & b"}) {
    EXPECT_EQ(count_of(svg, part), 0U) << part;
  }
  EXPECT_EQ(count_of(svg, "<text"), count_of(svg, "</text>"));
}

TEST(Svg, draws_labs_of_any_size) {
  EXPECT_NE(to_svg({}).find("</svg>"), std::string::npos);
  const auto svg = to_svg(make_scene(must_read("hosts: {h: {count: 250}}\nnetworks: {n: {vni: 1, remotes: all, subnet: "
                                               "10.0.0.0/8}}\ncontainers: {c: {per-host: 40}}"),
                                     {}));
  EXPECT_EQ(count_of(svg, "… 37 more"), 250U);
}

TEST(Mermaid, writes_the_lab_as_a_flowchart) {
  const auto text = to_mermaid(make_scene(must_read(two_with_guests), {{}, {{"vm1", Health::down}}, {}, {}}));
  EXPECT_TRUE(text.starts_with("flowchart BT\n  subgraph h1[\"host1 (Weft)\"]\n"));
  EXPECT_NE(text.find("    h1_b1_e1(\"cn1<br/>192.168.100.11\")\n    h1_b1_e1 --- h1_b1\n"), std::string::npos);
  EXPECT_NE(text.find("    h1_b1_e2[[\"vm1<br/>192.168.100.21\"]]:::down\n"), std::string::npos);
  EXPECT_NE(text.find("  h2_dev === underlay\n"), std::string::npos);
}

TEST(Mermaid, escapes_whatever_stands_in_a_text) {
  const auto text = to_mermaid({"x", "y", {{"a\"]\nb", "Weft", "d<i>", {}, Health::up, {}}}, {}});
  EXPECT_NE(text.find("subgraph h1[\"a#34;#93;#10;b (Weft)\"]"), std::string::npos) << text;
  EXPECT_NE(text.find("d#60;i#62;"), std::string::npos) << text;
}

}  // namespace
}  // namespace weft::topology

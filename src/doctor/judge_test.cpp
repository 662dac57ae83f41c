// Facts as hosts had them, and what the doctor says of them.
#include "doctor/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "doctor/report.hpp"

namespace weft::doctor {
namespace {

constexpr std::uint64_t every_capability = 0x1ffffffffff;

KernelFacts good_kernel() {
  KernelFacts facts{.release = "6.1.0-18-amd64", .is_root = true, .capabilities = every_capability, .bpf_jit = 1};
  for (const auto* name : {"namespaces", "bpf", "bpffs", "clsact", "veth", "vxlan", "bridge", "tun", "multicast"}) {
    facts.trials[name] = {};
  }
  return facts;
}

UnderlayFacts good_underlay() {
  return {.device = "eth0",
          .exists = true,
          .is_up = true,
          .has_multicast = true,
          .mtu_bytes = 1500,
          .addresses = {*IpAddress::parse("172.31.99.1")},
          .group_device = "eth0",
          .has_group_source = true,
          .rp_filter = 2};
}

Facts good_host() {
  return {.kernel = good_kernel(),
          .underlay = good_underlay(),
          .firewall = {.nft = R"({"nftables": []})", .iptables = "", .ip6tables = ""},
          .other_switch = {.socket = "/run/openvswitch/db.sock"},
          .guests = {.has_kvm_device = true,
                     .has_virtualization = true,
                     .qemu = "/usr/bin/qemu-system-x86_64",
                     .ip = "/sbin/ip"},
          .resources = {.open_files_max = 1024,
                        .disks = {{"/etc", "the database", std::uint64_t{1} << 33U, true}},
                        .time_s = 1'800'000'000}};
}

Question with_group() { return {.group = IpAddress::parse("239.0.0.1")}; }

const Finding& finding(const Findings& findings, std::string_view check) {
  static const Finding none{.check = "not there"};
  const auto found = std::ranges::find(findings, check, &Finding::check);
  return found != findings.end() ? *found : none;
}

TEST(Judge, has_nothing_to_say_against_a_good_host) {
  const auto findings = judge(good_host(), with_group());
  for (const auto& one : findings) EXPECT_EQ(one.severity, Severity::ok) << one.check << ": " << one.detail;
  EXPECT_EQ(show_findings(findings, {}).back(), "Nothing would stop Weft here.");
}

TEST(Judge, names_a_cure_for_whatever_is_wrong) {
  auto host = good_host();
  host.kernel = {.release = "5.4.0-92-generic", .is_root = true, .bpf_jit = 0};
  host.kernel.trials["vxlan"] = {.error = "a device: Operation not supported", .module = Module::absent};
  host.underlay = {};
  host.firewall = {};
  host.other_switch.server = ProcessFacts{7, "ovsdb-server"};
  host.guests = {};
  host.resources = {.disks = {{"/etc", "the database", 0, false}}};
  const auto findings = judge(host, {.wants_machines = true, .wants_images = true, .wants_ssh = true});
  EXPECT_GT(count(findings, Severity::problem), 8U);
  for (const auto& one : findings) EXPECT_EQ(one.severity == Severity::ok, one.cure.empty()) << one.check;
}

TEST(Judge, wants_a_kernel_of_5_15) {
  auto facts = good_kernel();
  for (const auto* release : {"5.4.0-92-generic", "5.14.0", "4.19.0", "unknown"}) {
    facts.release = release;
    EXPECT_EQ(finding(judge_kernel(facts), "version").severity, Severity::problem) << release;
  }
  facts.release = "5.15.0-generic";
  EXPECT_EQ(finding(judge_kernel(facts), "version").severity, Severity::ok);
}

TEST(Judge, tells_who_is_not_root_from_who_lacks_capabilities) {
  auto facts = good_kernel();
  facts.capabilities = 0;
  EXPECT_TRUE(finding(judge_kernel(facts), "rights").cure.contains("privileged"));
  facts.is_root = false;
  EXPECT_EQ(finding(judge_kernel(facts), "rights").cure, "sudo weft doctor");
}

TEST(Judge, tells_a_missing_module_from_a_kernel_without_modules) {
  auto facts = good_kernel();
  facts.trials["vxlan"] = {.error = "a device: Operation not supported", .module = Module::absent};
  EXPECT_TRUE(finding(judge_trials(facts, {}), "vxlan").cure.contains("modprobe vxlan"));
  facts.trials["vxlan"].module = Module::unsupported;
  EXPECT_EQ(finding(judge_trials(facts, {}), "vxlan").cure, "boot a kernel with CONFIG_VXLAN=y");
  facts.trials["vxlan"] = {.module = Module::loadable};
  EXPECT_EQ(finding(judge_trials(facts, {}), "vxlan").severity, Severity::ok);
}

TEST(Judge, minds_tap_devices_where_machines_are_wanted) {
  auto facts = good_kernel();
  facts.trials["tun"] = {.error = "/dev/net/tun: No such file or directory"};
  EXPECT_EQ(finding(judge_trials(facts, {}), "tun").severity, Severity::warning);
  const auto wanted = finding(judge_trials(facts, {.wants_machines = true}), "tun");
  EXPECT_EQ(wanted.severity, Severity::problem);
  EXPECT_TRUE(wanted.cure.contains("mknod"));
}

TEST(Judge, finds_out_why_a_group_is_not_reached) {
  auto facts = good_underlay();
  facts.has_multicast = false;
  EXPECT_EQ(finding(judge_underlay(facts, with_group()), "multicast").cure, "ip link set dev eth0 multicast on");
  facts = good_underlay();
  facts.group_device.clear();
  EXPECT_EQ(finding(judge_underlay(facts, with_group()), "multicast").cure, "ip route add 239.0.0.1 dev eth0");
  EXPECT_EQ(finding(judge_underlay(facts, {}), "multicast").check, "not there");
}

TEST(Judge, minds_a_small_mtu_and_a_strict_path_filter) {
  auto facts = good_underlay();
  facts.mtu_bytes = 1300;
  facts.rp_filter = 1;
  EXPECT_EQ(finding(judge_underlay(facts, {}), "mtu").severity, Severity::warning);
  EXPECT_EQ(finding(judge_underlay(facts, {}), "rp_filter").severity, Severity::warning);
}

TEST(Judge, gives_the_cure_in_the_words_of_whoever_keeps_the_firewall) {
  FirewallFacts facts{.iptables = "*filter\n:INPUT DROP [0:0]\n:ufw-user-input - [0:0]\nCOMMIT\n"};
  EXPECT_EQ(finding(judge_firewall(facts, good_underlay(), with_group()), "rules").cure,
            "iptables -t filter -I INPUT -p udp --dport 4789 -j ACCEPT");
  facts = {.nft = R"({"nftables": [{"chain": {"family": "inet", "table": "firewalld", "name": "filter_INPUT",
                      "type": "filter", "hook": "input", "prio": 10, "policy": "drop"}}]})"};
  EXPECT_EQ(finding(judge_firewall(facts, good_underlay(), {}), "rules").cure, "firewall-cmd --add-port=4789/udp");
  facts = {.nft = R"({"nftables": [{"chain": {"family": "ip", "table": "mine", "name": "out", "type": "filter",
                      "hook": "output", "prio": 0, "policy": "drop"}}]})"};
  const auto leaving = finding(judge_firewall(facts, good_underlay(), with_group()), "rules");
  EXPECT_EQ(leaving.severity, Severity::problem);
  EXPECT_EQ(leaving.cure, "nft insert rule ip mine out udp dport 4789 accept");
}

TEST(Judge, knows_when_bridged_frames_pass_a_firewall_that_drops_them) {
  const FirewallFacts facts{.iptables = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n", .bridge_calls_iptables = 1};
  EXPECT_EQ(finding(judge_firewall(facts, good_underlay(), {}), "br_netfilter").severity, Severity::warning);
}

TEST(Judge, sees_another_switch_in_its_place) {
  SwitchFacts facts{.socket = "/run/db.sock",
                    .server = ProcessFacts{12, "ovsdb-server"},
                    .vswitchd = ProcessFacts{13, "ovs-vswitchd"}};
  facts.kernel_datapath_ports = {"eth1"};
  const auto findings = judge_other_switch(facts, {});
  EXPECT_EQ(finding(findings, "socket").detail, "ovsdb-server (process 12) serves /run/db.sock, where weftd would");
  EXPECT_EQ(finding(findings, "ovs-vswitchd").severity, Severity::warning);
  EXPECT_TRUE(finding(findings, "openvswitch-module").detail.contains("eth1"));
  facts.server = ProcessFacts{12, "weftd"};
  EXPECT_EQ(finding(judge_other_switch(facts, {}), "socket").severity, Severity::ok);
}

TEST(Judge, knows_who_can_share_the_tunnels_port) {
  SwitchFacts facts{.vxlans = {{"vxlan0", 100, 4789, true, false}}};
  EXPECT_EQ(finding(judge_other_switch(facts, {}), "udp-port").severity, Severity::ok);
  facts.vxlans = {{"flannel.1", 0, 4789, true, true}};
  EXPECT_EQ(finding(judge_other_switch(facts, {}), "udp-port").severity, Severity::problem);
  EXPECT_EQ(finding(judge_other_switch(facts, {.udp_port = 4790}), "udp-port").severity, Severity::ok);
  facts = {.udp_holder = "socat (process 9)"};
  EXPECT_EQ(finding(judge_other_switch(facts, {}), "udp-port").detail, "socat (process 9) has UDP port 4789");
}

TEST(Judge, asks_for_programs_only_where_they_are_wanted) {
  const GuestFacts facts{.ip = "/sbin/ip"};
  EXPECT_EQ(finding(judge_guests(facts, {}), "podman").severity, Severity::ok);
  EXPECT_EQ(finding(judge_guests(facts, {.wants_images = true}), "podman").cure, "apt install podman");
  EXPECT_EQ(finding(judge_guests(facts, {.wants_machines = true}), "kvm").severity, Severity::warning);
}

TEST(Judge, leaves_the_underlay_alone_where_all_hosts_are_simulated) {
  auto host = good_host();
  host.underlay = {};
  host.firewall = {.iptables = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"};
  host.other_switch.server = ProcessFacts{7, "ovsdb-server"};
  EXPECT_EQ(count(judge(host, {.group = IpAddress::parse("239.0.0.1"), .wants_underlay = false}), Severity::problem),
            0U);
}

TEST(Report, shows_cures_below_what_is_wrong) {
  const Findings findings = {{Severity::ok, "kernel", "version", "Linux 6.1", ""},
                             {Severity::problem, "kernel", "vxlan", "no vxlan devices", "modprobe vxlan"}};
  EXPECT_EQ(show_findings(findings, {.has_unicode = true}),
            (std::vector<std::string>{"kernel", "  ✓  version  Linux 6.1", "  ✗  vxlan    no vxlan devices",
                                      "              → modprobe vxlan", "", "1 problem would stop Weft here."}));
  EXPECT_EQ(findings_json(findings).at("problems"), 1U);
}

}  // namespace
}  // namespace weft::doctor

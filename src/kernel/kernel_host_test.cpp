#include "kernel/kernel_host.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <thread>

#include "kernel/system_error.hpp"
#include "kernel/tc_filter.hpp"
#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class KernelHostTest : public SwitchTest {
 protected:
  // Our filter's place taken by a program that drops everything: so might an older version's look.
  void attach_other_program(const std::string& device) {
    attach(device, UniqueFd(load_verdict(TC_ACT_SHOT)).get(), port_filter.handle, port_filter.priority);
  }
  void attach_foreign_filter(const std::string& device) {
    attach(device, UniqueFd(load_verdict(TC_ACT_UNSPEC)).get(), 1, 1);
  }
  // A new copy of the datapath's program, on the same maps.
  void replace_program(const std::string& device) {
    switch_->inside([&] {
      const auto copy = Datapath::open(run_dir_ + "/bpf");
      const auto done = attach_filter(static_cast<int>(::if_nametoindex(device.c_str())), port_filter,
                                      copy->program_fd(Program::port_ingress), device);
      ASSERT_TRUE(done) << done.error().details;
    });
  }

 private:
  static int load_verdict(int verdict) {
    const std::array<bpf_insn, 2> code = {{
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = verdict},
        {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
    }};
    return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "verdict", "GPL", code.data(), code.size(), nullptr);
  }
  void attach(const std::string& device, int program_fd, std::uint32_t handle, std::uint32_t priority) {
    switch_->inside([&] {
      auto hook = bpf_tc_hook();
      hook.sz = sizeof hook;
      hook.ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
      hook.attach_point = BPF_TC_INGRESS;
      auto options = bpf_tc_opts();
      options.sz = sizeof options;
      options.prog_fd = program_fd;
      options.flags = BPF_TC_F_REPLACE;
      options.handle = handle;
      options.priority = priority;
      ASSERT_EQ(bpf_tc_attach(&hook, &options), 0);
    });
  }
};

TEST_F(KernelHostTest, connects_the_hosts_of_a_bridge) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  plug(1);
  plug(2);
  converge();
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2"), 0);
}

TEST_F(KernelHostTest, gives_the_bridge_a_device_that_the_host_talks_through) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  switch_->must_run("ip address add 10.0.0.100/24 dev lu-br0");
  switch_->must_run("ip link set lu-br0 up");
  EXPECT_EQ(lost_pings(*switch_, "10.0.0.1"), 0);
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.100"), 0);
}

TEST_F(KernelHostTest, leaves_nothing_behind_when_the_last_bridge_is_gone) {
  const auto vm1 = add_host(1);
  const auto before = switch_->must_run("ip -o link; tc qdisc show; tc filter show dev vm1 ingress");
  plug(1);
  converge();
  EXPECT_NE(switch_->must_run("ip -o link; tc qdisc show; tc filter show dev vm1 ingress"), before);
  desired_ = {};
  converge();
  EXPECT_EQ(switch_->must_run("ip -o link; tc qdisc show; tc filter show dev vm1 ingress"), before);
  EXPECT_TRUE(host_->release());
  EXPECT_FALSE(std::filesystem::exists(run_dir_ + "/bpf"));
}

// Without the state of the link, which the kernel may notice late.
constexpr auto devices_and_filters = "ip -o link | cut -d ' ' -f 1,2; bpftool net; tc filter show dev vm1 ingress";

TEST_F(KernelHostTest, is_adopted_by_a_second_process_without_any_change) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  const auto before = switch_->must_run(devices_and_filters);
  const auto observed = observe().ports;
  reopen();
  EXPECT_EQ(observe().ports, observed);
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(switch_->must_run(devices_and_filters), before);
}

TEST_F(KernelHostTest, serves_a_device_again_that_went_and_came_back) {
  const auto vm1 = add_host(1);
  for (int round = 0; round < 3; ++round) {
    const auto vm2 = add_host(2);
    plug(1);
    plug(2);
    converge();
    EXPECT_EQ(lost_pings(*vm1, "10.0.0.2", 1), 0);
    switch_->must_run("ip link delete vm2");
    converge();
    EXPECT_EQ(observe().ports.size(), 2U) << "lu-br0 and vm1";
  }
}

TEST_F(KernelHostTest, makes_a_ports_device_promiscuous_while_it_is_a_port) {
  const auto vm1 = add_host(1);
  const auto is_promiscuous = [&] {
    return switch_->must_run("ip -d link show vm1").find("promiscuity 1") != std::string::npos;
  };
  plug(1);
  converge();
  EXPECT_TRUE(is_promiscuous());
  unplug(1);
  converge();
  EXPECT_FALSE(is_promiscuous());
}

TEST_F(KernelHostTest, leaves_a_device_promiscuous_that_somebody_else_made_so) {
  const auto vm1 = add_host(1);
  switch_->must_run("ip link set vm1 promisc on");
  plug(1);
  converge();
  unplug(1);
  converge();
  EXPECT_NE(switch_->must_run("ip link show vm1").find("PROMISC"), std::string::npos);
}

TEST_F(KernelHostTest, leaves_the_filters_of_others_alone) {
  const auto vm1 = add_host(1);
  switch_->must_run("tc qdisc add dev vm1 clsact");
  attach_foreign_filter("vm1");
  const auto before = switch_->must_run("tc filter show dev vm1 ingress");
  plug(1);
  converge();
  unplug(1);
  converge();
  EXPECT_EQ(switch_->must_run("tc filter show dev vm1 ingress"), before);
}

TEST_F(KernelHostTest, repairs_a_filter_that_was_taken_away) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  plug(1);
  plug(2);
  converge();
  switch_->must_run("tc qdisc delete dev vm1 clsact; tc qdisc delete dev weft0 clsact");
  EXPECT_FALSE(observe().ports.at(observe().links.at("vm1").ifindex).attached);
  EXPECT_EQ(converge(), 2U);
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2"), 0);
}

TEST_F(KernelHostTest, replaces_the_program_of_another_version) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  plug(1);
  plug(2);
  converge();
  attach_other_program("vm1");
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2", 1), 1);
  reopen();
  EXPECT_EQ(converge(), 1U);
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2"), 0);
}

TEST_F(KernelHostTest, loses_no_packet_while_programs_are_replaced_and_ports_come_and_go) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  const auto vm3 = add_host(3);
  plug(1);
  plug(2);
  converge();
  std::string report;
  std::thread pinging([&] { report = vm1->must_run("ping -q -i 0.002 -c 1000 10.0.0.2"); });
  for (int round = 0; round < 50; ++round) {
    reopen();  // Its program is a new one, of the same code.
    for (const auto* device : {"vm1", "vm2"}) replace_program(device);
    round % 2 == 0 ? plug(3) : unplug(3);
    converge();
  }
  pinging.join();
  EXPECT_NE(report.find(" 1000 received"), std::string::npos) << report;
}

TEST_F(KernelHostTest, can_be_killed_at_any_moment) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  const auto before = switch_->must_run("ip -o link; tc qdisc show");
  for (int round = 0; round < 20; ++round) {
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (;;) {
        if (round % 2 == 0) {
          const auto desired = std::exchange(desired_, {});
          converge();
          desired_ = desired;
        }
        plug(1);
        plug(2);
        converge();
        unplug(2);
        port("vm1").vlan = {.mode = model::PortVlan::Mode::access, .tag = 7};
        converge();
        unplug(1);
        converge();
      }
    }
    ::usleep(static_cast<useconds_t>(3'000 + 1'700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    reopen();
    plug(1);
    plug(2);
    converge();
    EXPECT_EQ(lost_pings(*vm1, "10.0.0.2", 1), 0) << "after being killed, round " << round;
  }
  desired_ = {};
  converge();
  EXPECT_EQ(switch_->must_run("ip -o link; tc qdisc show"), before);
}

TEST_F(KernelHostTest, says_what_is_wrong_with_a_device_that_cannot_be_a_port) {
  converge();
  const auto refusal = [&](const std::string& device) {
    Result<> result;
    switch_->inside([&] { result = host_->apply(plan::AttachPort{.device = device, .bridge = "lu-br0", .port = {}}); });
    return result ? "accepted" : result.error().details;
  };
  EXPECT_EQ(refusal("lo"), "lo: only an Ethernet device can be a port");
  EXPECT_EQ(refusal("weft0"), "weft0: this is the switch's own end of an internal device");
  EXPECT_NE(refusal("nothing").find("nothing: No such device"), std::string::npos);
  EXPECT_EQ(refusal(std::string(5000, 'x')).substr(0, 5), "xxxxx");
}

TEST_F(KernelHostTest, says_what_it_needs_where_it_may_not_do_its_work) {
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::filesystem::permissions(run_dir_, std::filesystem::perms::all);
    const bool is_nobody = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    const auto opened = KernelHost::open(run_dir_ + "/other");
    const bool says_so = !opened && opened.error().tag == no_permission &&
                         opened.error().details.find("Run it as root, or with CAP_NET_ADMIN") != std::string::npos;
    ::_exit(is_nobody && says_so ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(KernelHostTest, delivers_to_a_device_whose_other_end_is_in_the_same_namespace) {
  const auto vm1 = add_host(1);
  switch_->must_run("ip link add vm2 type veth peer name near2 && ip link set vm2 up && ip link set near2 up");
  switch_->must_run("ip address add 10.0.0.2/24 dev near2");
  plug(1);
  plug(2);
  converge();
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2"), 0);
  EXPECT_FALSE(observe().ports.at(observe().links.at("vm2").ifindex).delivers_to_peer);
  EXPECT_TRUE(observe().ports.at(observe().links.at("vm1").ifindex).delivers_to_peer);
}

TEST_F(KernelHostTest, reaches_another_machine_through_a_kernel_vxlan_device) {
  if (TestNamespace().run("ip link add vxlan0 type vxlan id 100 dstport 4789") != 0) {
    GTEST_SKIP() << "this kernel has no vxlan devices";
  }
  const auto vm1 = add_host(1);
  TestNamespace remote;
  const auto make_vxlan =
      "ip route add 239.0.0.0/8 dev under; ip link add vxlan0 type vxlan id 100 group 239.0.0.1 "
      "dstport 4789 dev under && ip link set vxlan0 up";
  switch_->must_run(
      fmt::format("ip link add under type veth peer name under netns /proc/{}/fd/{}", ::getpid(), remote.fd()));
  switch_->must_run("ip address add 192.168.9.1/24 dev under && ip link set under up");
  remote.must_run("ip address add 192.168.9.2/24 dev under && ip link set under up");
  for (const auto* side : {switch_.get(), &remote}) side->must_run(make_vxlan);
  remote.must_run("ip address add 10.0.0.9/24 dev vxlan0");
  plug(1);
  port("vxlan0") = {.ofport = 9};
  converge();
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.9"), 0);
  EXPECT_EQ(lost_pings(remote, "10.0.0.1"), 0);
}

TEST_F(KernelHostTest, keeps_the_bridges_apart) {
  const auto vm1 = add_host(1);
  const auto vm2 = add_host(2);
  plug(1);
  desired_.bridges["other"] = {};
  desired_.devices["vm2"] = {.bridge = "other", .port = model::Port{.ofport = 1}};
  converge();
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2", 1), 1);
  desired_.bridges.erase("other");
  desired_.devices.erase("vm2");
  plug(2);
  converge();
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.2"), 0);
}

}  // namespace
}  // namespace weft::kernel

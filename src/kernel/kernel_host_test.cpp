#include "kernel/kernel_host.hpp"

#include <filesystem>

#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

using KernelHostTest = SwitchTest;

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
  desired_.bridges.clear();
  converge();
  EXPECT_EQ(switch_->must_run("ip -o link; tc qdisc show; tc filter show dev vm1 ingress"), before);
  EXPECT_TRUE(host_->release());
  EXPECT_FALSE(std::filesystem::exists(run_dir_ + "/bpf"));
}

TEST_F(KernelHostTest, is_adopted_by_a_second_process_without_any_change) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  const auto before = switch_->must_run("ip -o link; bpftool net; tc filter show dev vm1 ingress");
  const auto observed = observe().ports;
  reopen();
  EXPECT_EQ(observe().ports, observed);
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(switch_->must_run("ip -o link; bpftool net; tc filter show dev vm1 ingress"), before);
}

}  // namespace
}  // namespace weft::kernel

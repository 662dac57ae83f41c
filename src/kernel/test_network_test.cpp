#include "kernel/test_network.hpp"

#include <sys/mount.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "kernel/netns.hpp"
#include "kernel/system_error.hpp"
#include "plan/diff.hpp"

namespace weft::kernel {
namespace {

// Mounts of the tests stay in a mount namespace of the test program.
bool leave_the_mounts_of_others() {
  static const bool done =
      ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_PRIVATE | MS_REC, nullptr) == 0;
  return done;
}

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome run_shell(const std::string& command) {
  Outcome outcome;
  auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> part{};
  while (const auto count = std::fread(part.data(), 1, part.size(), pipe)) outcome.output.append(part.data(), count);
  const int status = ::pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

}  // namespace

TestNamespace::TestNamespace() {
  const auto home = open_netns("/proc/thread-self/ns/net");
  CHECK(home && ::unshare(CLONE_NEWNET) == 0);
  fd_ = *open_netns("/proc/thread-self/ns/net");
  CHECK(::setns(home->get(), CLONE_NEWNET) == 0);
  // IPv6 would send by itself, whenever it likes.
  must_run("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; ip link set lo up");
}

void TestNamespace::inside(const std::function<void()>& work) const {
  const auto scope = NetnsScope::enter(fd_);
  CHECK(scope.has_value());
  work();
}

int TestNamespace::run(const std::string& command) const {
  Outcome outcome;
  inside([&] { outcome = run_shell(command); });
  return outcome.status;
}

std::string TestNamespace::must_run(const std::string& command) const {
  Outcome outcome;
  inside([&] { outcome = run_shell(command); });
  EXPECT_EQ(outcome.status, 0) << command << "\n" << outcome.output;
  return outcome.output;
}

void SwitchTest::SetUp() {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root: makes network namespaces and loads BPF programs";
  if (!leave_the_mounts_of_others()) GTEST_SKIP() << "may not make a mount namespace";
  std::string pattern = std::filesystem::temp_directory_path() / "weft-kernel-test-XXXXXX";
  run_dir_ = ::mkdtemp(pattern.data());
  switch_ = std::make_unique<TestNamespace>();
  reopen();
  if (!host_) return;
  desired_ = {
      .bridges = {{"lu-br0", {}}},
      .devices = {
          {"lu-br0",
           {.bridge = "lu-br0", .port = model::Port{.ofport = model::local_ofport}, .made = model::InternalDevice{}}}}};
}

void SwitchTest::TearDown() {
  host_.reset();
  switch_.reset();
  if (run_dir_.empty()) return;
  ::umount2((run_dir_ + "/bpf").c_str(), MNT_DETACH);
  std::filesystem::remove_all(run_dir_);
}

void SwitchTest::reopen() {
  host_.reset();
  switch_->inside([&] {
    auto opened = KernelHost::open(run_dir_);
    if (!opened && opened.error().tag == no_permission) GTEST_SKIP() << opened.error().details;
    ASSERT_TRUE(opened) << opened.error().details;
    host_ = *std::move(opened);
  });
}

model::Observed SwitchTest::observe() {
  switch_->inside([&] {
    const auto looked = host_->look(reconcile::Host::Depth::everything);
    EXPECT_TRUE(looked) << looked.error().details;
  });
  return host_->observed();
}

void SwitchTest::apply(const plan::Step& step) {
  switch_->inside([&] {
    const auto done = host_->apply(step);
    EXPECT_TRUE(done) << done.error().details;
  });
}

std::size_t SwitchTest::converge() {
  std::size_t count = 0;
  for (int round = 0; round < 4; ++round) {
    const auto steps = plan::diff(desired_, observe());
    if (steps.empty()) return count;
    for (const auto& step : steps) apply(step);
    count += steps.size();
  }
  for (const auto& step : plan::diff(desired_, observe())) ADD_FAILURE() << "never done: " << plan::explain(step);
  return count;
}

std::unique_ptr<TestNamespace> SwitchTest::add_host(int number) {
  auto host = std::make_unique<TestNamespace>();
  const auto device = fmt::format("vm{}", number);
  switch_->must_run(
      fmt::format("ip link add {} type veth peer name eth0 netns /proc/{}/fd/{}", device, ::getpid(), host->fd()));
  switch_->must_run(fmt::format("ip link set {} up", device));
  host->must_run(fmt::format("ip link set eth0 address 52:54:00:00:00:{:02x} up", number));
  host->must_run(fmt::format("ip address add 10.0.0.{}/24 dev eth0", number));
  return host;
}

void SwitchTest::plug(int number, std::uint16_t tag) {
  using Mode = model::PortVlan::Mode;
  port(fmt::format("vm{}", number)) = {.ofport = static_cast<std::uint16_t>(number),
                                       .vlan = {.mode = tag != 0 ? Mode::access : Mode::trunk, .tag = tag}};
}

void SwitchTest::unplug(int number) { desired_.devices.erase(fmt::format("vm{}", number)); }

model::Port& SwitchTest::port(const std::string& device) {
  auto& wanted = desired_.devices.try_emplace(device, model::Device{.bridge = "lu-br0"}).first->second;
  if (!wanted.port) wanted.port = model::Port{};
  return *wanted.port;
}

int lost_pings(const TestNamespace& from, const std::string& to, int count) {
  int received = 0;
  from.inside([&] {
    const auto outcome = run_shell(fmt::format("ping -c {} -i 0.05 -W 1 {}", count, to));
    const auto place = outcome.output.find(" received");
    if (place == std::string::npos) return;
    const auto start = outcome.output.rfind(' ', place - 1);
    received = std::atoi(outcome.output.c_str() + start);
  });
  return count - received;
}

}  // namespace weft::kernel

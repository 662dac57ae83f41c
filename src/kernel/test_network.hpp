// For tests: a network of our own, in namespaces without names, which go away with the test program however it ends.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "kernel/kernel_host.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

class TestNamespace {
 public:
  TestNamespace();  // A new one, with `lo` up.
  int fd() const { return fd_.get(); }
  // Runs a shell command inside; its exit status. Its output goes to ours where it fails.
  int run(const std::string& command) const;
  // The same; the test fails where the command does. Its standard output.
  std::string must_run(const std::string& command) const;
  // Runs `work` with this thread inside.
  void inside(const std::function<void()>& work) const;

 private:
  UniqueFd fd_;
};

// A switch in one namespace, hosts in others.
class SwitchTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Opens a second time, as a restarted daemon does.
  void reopen();
  // Carries out the plan until nothing is left to do; the number of steps.
  std::size_t converge();
  model::Observed observe();
  void apply(const plan::Step& step);

  // A namespace whose eth0 has the address 10.0.0.NUMBER/24; the other end, device vmNUMBER, is in the switch's.
  std::unique_ptr<TestNamespace> add_host(int number);
  // Puts vmNUMBER into lu-br0; `tag` 0 makes it a trunk.
  void plug(int number, std::uint16_t tag = 0);
  void unplug(int number);
  model::Port& port(const std::string& device);

  std::string run_dir_;
  std::unique_ptr<TestNamespace> switch_;
  std::unique_ptr<KernelHost> host_;
  model::Desired desired_;  // At first lu-br0 alone, down.
};

// The packets that a ping of `count` loses.
int lost_pings(const TestNamespace& from, const std::string& to, int count = 3);

}  // namespace weft::kernel

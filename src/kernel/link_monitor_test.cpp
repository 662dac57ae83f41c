#include "kernel/link_monitor.hpp"

#include <sys/socket.h>

#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class LinkMonitorTest : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped()) return;
    switch_->inside([&] { monitor_ = std::make_unique<LinkMonitor>(LinkMonitor::open().value()); });
    monitor_->take_news();
  }
  std::unique_ptr<LinkMonitor> monitor_;
};

TEST_F(LinkMonitorTest, has_no_news_while_nothing_changes) { EXPECT_FALSE(monitor_->take_news()); }

TEST_F(LinkMonitorTest, tells_devices_that_come_change_and_go) {
  for (const auto* change : {"add vm9 type veth peer name eth9", "set vm9 up", "set vm9 mtu 1400", "delete vm9"}) {
    switch_->must_run(fmt::format("ip link {}", change));
    EXPECT_TRUE(monitor_->take_news()) << change;
  }
  EXPECT_FALSE(monitor_->take_news());
}

TEST_F(LinkMonitorTest, tells_only_of_its_own_namespace) {
  const TestNamespace other;
  other.must_run("ip link add vm9 type veth peer name eth9");
  EXPECT_FALSE(monitor_->take_news());
}

TEST_F(LinkMonitorTest, takes_lost_news_for_news) {
  const int smallest = 1;
  ASSERT_EQ(::setsockopt(monitor_->fd(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
  switch_->must_run("ip link add vm9 type veth peer name eth9; for i in 1 2 3 4 5; do ip link set vm9 mtu 140$i; done");
  EXPECT_TRUE(monitor_->take_news());
  EXPECT_FALSE(monitor_->take_news());
}

}  // namespace
}  // namespace weft::kernel

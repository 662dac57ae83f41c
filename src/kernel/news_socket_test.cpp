#include "kernel/news_socket.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class NewsSocketTest : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped()) return;
    switch_->inside([&] { news_ = std::make_unique<NewsSocket>(NewsSocket::open().value()); });
    take();
  }
  NewsSocket::Taken take(std::size_t most = 1000) {
    return news_->take(most, [&](const nlmsghdr* message) { types_.insert(message->nlmsg_type); });
  }
  std::unique_ptr<NewsSocket> news_;
  std::set<int> types_;
};

TEST_F(NewsSocketTest, has_none_while_nothing_changes) { EXPECT_EQ(take().count, 0U); }

TEST_F(NewsSocketTest, tells_devices_that_come_change_and_go) {
  for (const auto* change : {"add vm9 type veth peer name eth9", "set vm9 up", "set vm9 mtu 1400", "delete vm9"}) {
    types_.clear();
    switch_->must_run(fmt::format("ip link {}", change));
    EXPECT_GT(take().count, 0U) << change;
    const bool is_deletion = std::string_view(change).starts_with("delete");
    EXPECT_TRUE(types_.contains(is_deletion ? RTM_DELLINK : RTM_NEWLINK)) << change;
  }
  EXPECT_EQ(take().count, 0U);
}

TEST_F(NewsSocketTest, tells_of_filters) {
  switch_->must_run("ip link add vm9 type veth peer name eth9; tc qdisc add dev vm9 clsact");
  switch_->must_run("tc qdisc delete dev vm9 clsact");
  take();
  EXPECT_TRUE(types_.contains(RTM_DELQDISC));
}

TEST_F(NewsSocketTest, tells_only_of_its_own_namespace) {
  const TestNamespace other;
  other.must_run("ip link add vm9 type veth peer name eth9");
  EXPECT_EQ(take().count, 0U);
}

TEST_F(NewsSocketTest, gives_no_more_at_a_time_than_it_is_asked_for) {
  switch_->must_run("ip link add vm9 type veth peer name eth9; for i in 1 2 3 4 5; do ip link set vm9 mtu 140$i; done");
  EXPECT_EQ(take(3).count, 3U);
  EXPECT_GT(take().count, 3U);
}

TEST_F(NewsSocketTest, says_that_it_lost_some_and_goes_on) {
  const int smallest = 1;
  ASSERT_EQ(::setsockopt(news_->fd(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
  switch_->must_run("ip link add vm9 type veth peer name eth9; for i in 1 2 3 4 5; do ip link set vm9 mtu 140$i; done");
  EXPECT_TRUE(take().is_lost);
  switch_->must_run("ip link set vm9 mtu 1300");
  const auto taken = take();
  EXPECT_FALSE(taken.is_lost);
  EXPECT_GT(taken.count, 0U);
}

}  // namespace
}  // namespace weft::kernel

#include "reconcile/watched_host.hpp"

#include "reconcile/fake_host.hpp"

namespace weft::reconcile {
namespace {

class WatchedHostTest : public testing::Test {
 protected:
  bool sees(const std::string& device) { return watched_.observe()->links.contains(device); }

  FakeHost host_;
  bool is_news_ = false;
  WatchedHost watched_{host_, [this] { return std::exchange(is_news_, false); }};
};

TEST_F(WatchedHostTest, is_looked_at_again_only_after_news) {
  EXPECT_FALSE(sees("veth0"));
  host_.add_device("veth0");
  EXPECT_FALSE(sees("veth0"));
  is_news_ = true;
  EXPECT_TRUE(sees("veth0"));
}

TEST_F(WatchedHostTest, is_looked_at_again_after_a_step_even_one_that_failed) {
  EXPECT_FALSE(sees("br0"));
  ASSERT_TRUE(watched_.apply(plan::CreateInternal{.device = "br0", .settings = {.mtu_bytes = 1500}}));
  EXPECT_TRUE(sees("br0"));
  host_.add_device("veth0");
  ASSERT_FALSE(watched_.apply(plan::SetMtu{.device = "veth1", .mtu_bytes = 1500}));
  EXPECT_TRUE(sees("veth0"));
}

TEST_F(WatchedHostTest, is_looked_at_again_when_asked_and_after_an_error) {
  EXPECT_FALSE(sees("veth0"));
  host_.add_device("veth0");
  watched_.forget();
  host_.break_observation(true);
  EXPECT_FALSE(watched_.observe());
  host_.break_observation(false);
  EXPECT_TRUE(sees("veth0"));
}

}  // namespace
}  // namespace weft::reconcile

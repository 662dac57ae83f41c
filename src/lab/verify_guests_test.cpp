#include "lab/verify_guests.hpp"

#include <gtest/gtest.h>

#include "lab/verify_fixture.hpp"

namespace weft::lab {
namespace {

class GuestQuestions : public VerifyFixture {
 protected:
  static constexpr std::uint32_t vm1_ = 3;
};

TEST_F(GuestQuestions, go_to_the_others_of_the_network_in_both_sizes) {
  const auto script = guest_questions(roll(), vm1_);
  EXPECT_TRUE(script.contains("ask small 0 56 10.0.0.1 &\n")) << script;
  EXPECT_TRUE(script.contains("ask full 1 1422 10.0.0.2 &\n")) << script;
  EXPECT_FALSE(script.contains("10.0.0.3")) << script;
}

TEST_F(GuestQuestions, become_rows_of_what_was_answered) {
  EXPECT_EQ(guest_rows(roll(), vm1_, "small 0 yes\nsome news of the kernel\nfull 0 late\nsmall 1 no"),
            (std::vector<prober::Row>{{prober::Probe::small4, vm1_, "+-  "}, {prober::Probe::full4, vm1_, "r   "}}));
}

TEST_F(GuestQuestions, tell_of_the_guests_device_and_addresses) {
  const auto found = guest_found(roll(), vm1_,
                                 "device eth1 02:00:00:00:00:99 1500 0x1002\n"
                                 "device eth0 02:00:00:00:00:04 1450 0x1003\n"
                                 "has lo 127.0.0.1/8\nhas eth1 10.9.9.9/8\nhas eth0 10.0.0.4/25\nsmall 0 yes\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (prober::Found{.endpoint = vm1_,
                                   .device = "eth0",
                                   .mac = mac(4),
                                   .mtu_bytes = 1450,
                                   .is_up = true,
                                   .addresses = {*InterfaceAddress::parse("10.0.0.4/25")}}));
}

TEST_F(GuestQuestions, tell_of_the_only_device_whatever_its_MAC_address) {
  const auto found = guest_found(roll(), vm1_, "device ens3 02:00:00:00:00:01 1450 0x1002\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mac, mac(1));
  EXPECT_FALSE(found->is_up);
  EXPECT_FALSE(guest_found(roll(), vm1_, "device ens3 nonsense\nsh: ip: not found"));
}

TEST_F(GuestQuestions, that_were_not_understood_are_not_asked) {
  EXPECT_TRUE(guest_rows(roll(), vm1_, "sh: ping: not found").empty());
  EXPECT_TRUE(guest_rows(roll(), vm1_, "small 1 yesterday").empty());
}

}  // namespace
}  // namespace weft::lab

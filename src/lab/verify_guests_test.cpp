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

TEST_F(GuestQuestions, that_were_not_understood_are_not_asked) {
  EXPECT_TRUE(guest_rows(roll(), vm1_, "sh: ping: not found").empty());
  EXPECT_TRUE(guest_rows(roll(), vm1_, "small 1 yesterday").empty());
}

}  // namespace
}  // namespace weft::lab

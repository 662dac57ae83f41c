#include "lab/verify_findings.hpp"

#include <gtest/gtest.h>

#include "lab/verify_case.hpp"
#include "lab/verify_fixture.hpp"

namespace weft::lab {
namespace {

using prober::Probe;

class FindingsOf : public VerifyFixture {};

TEST_F(FindingsOf, a_pair_that_answered_everything_are_good) {
  hears_all();
  asks(Probe::small4, {" +++", "+ ++", "++ +", "    "});
  EXPECT_EQ(findings().verdict(0, 1), Verdict::good);
  EXPECT_TRUE(findings().failures().empty());
}

TEST_F(FindingsOf, a_guest_that_could_not_be_asked_are_no_success_of_its_own) {
  hears_all();
  asks(Probe::small4, {" +++", "+ ++", "++ +", "    "});
  EXPECT_EQ(findings().verdict(3, 0), Verdict::not_asked);
  EXPECT_EQ(findings().verdict(0, 3), Verdict::good);
}

TEST_F(FindingsOf, nothing_are_not_asked) {
  EXPECT_EQ(findings().verdict(0, 1), Verdict::not_asked);
  EXPECT_EQ(findings().count().not_asked, 3U);
}

TEST_F(FindingsOf, one_bad_answer_spoil_all_others) {
  hears_all();
  asks(Probe::small4, {" +++", "+ ++", "++ +", "    "});
  asks(Probe::full4, {" m++", "+ ++", "++ +", "    "});
  EXPECT_EQ(findings().verdict(0, 1), Verdict::bad);
  EXPECT_EQ(findings().failures(), (std::vector<Findings::Way>{{0, 1}}));
  EXPECT_EQ(failing_of(findings(), {0, 1}), Failing::full_size);
  EXPECT_TRUE(fails_by(findings(), {0, 1}, false));
  EXPECT_FALSE(fails_by(findings(), {0, 1}, true));
}

TEST_F(FindingsOf, an_answer_after_repetition_are_late) {
  asks(Probe::small4, {" +++", "r ++", "++ +", "    "});
  EXPECT_EQ(findings().verdict(1, 0), Verdict::late);
  EXPECT_EQ(findings().count().late, 1U);
}

TEST_F(FindingsOf, frames_belong_to_the_sender_though_the_hearer_tells_them) {
  note({Probe::flood, 1, "-   "});
  EXPECT_EQ(findings().outcome(Probe::flood, 0, 1), prober::Outcome::silence);
  EXPECT_EQ(findings().unheard(), std::vector<std::uint32_t>{0});
  note({Probe::flood, 1, "+   "});
  EXPECT_TRUE(findings().unheard().empty());
}

TEST_F(FindingsOf, frames_heard_late_stay_late) {
  note({Probe::flood, 1, "+   "});
  note_late(0, 1);
  note({Probe::flood, 1, "+   "});
  EXPECT_EQ(findings().verdict(0, 1), Verdict::late);
}

TEST_F(FindingsOf, frames_from_another_network_are_leaks) {
  note({Probe::stranger, 2, "-+  "});
  EXPECT_EQ(findings().leaks(), (std::vector<Findings::Way>{{1, 2}}));
  EXPECT_EQ(findings().count().isolated, 1U);
  EXPECT_EQ(findings().count().leaking, 1U);
}

}  // namespace
}  // namespace weft::lab

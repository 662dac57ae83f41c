#include "lab/verify_report.hpp"

#include <gtest/gtest.h>

#include "lab/verify_fixture.hpp"

namespace weft::lab {
namespace {

using prober::Probe;

class VerifyReport : public VerifyFixture {
 protected:
  Verified verified() { return {.findings = findings(), .not_asked = {{"vm1", "it has no login"}}, .seconds = 0.25}; }
  static std::string text(const Verified& verified) {
    std::string text;
    for (const auto& line : show_verified(verified, {})) text += line + "\n";
    return text;
  }
};

TEST_F(VerifyReport, shows_a_small_network_as_a_matrix) {
  hears_all();
  asks(Probe::small4, {" +++", "+ ++", "++ +", "    "});
  asks(Probe::full4, {" m++", "+ ++", "++ +", "    "});
  const auto shown = text(verified());
  EXPECT_TRUE(
      shown.contains("lan: 3 endpoints on 2 hosts, VNI 100\n"
                     "  from \\ to  c1  c2    vm1\n"
                     "  c1         -   size  ok\n"
                     "  c2         ok  -     ok\n"
                     "  vm1        ?   ?     -\n"
                     "  each way: small packets, packets of 1450 bytes, not to be fragmented, broadcast; IPv4\n"))
      << shown;
  EXPECT_TRUE(shown.ends_with("1 of 3 pairs do not reach each other (0.2 s)\n")) << shown;
}

TEST_F(VerifyReport, says_whom_it_could_not_ask_and_never_that_they_passed) {
  EXPECT_TRUE(text(verified()).contains("vm1: asked by the others, but not from within: it has no login\n"));
  EXPECT_TRUE(text(verified()).contains("0 pairs reach each other, 3 not asked")) << text(verified());
}

TEST_F(VerifyReport, tells_each_reason_once_with_its_cure) {
  auto shown = verified();
  shown.troubles = {{{"host2 is on fire", "host2", "extinguish"}, {{0, 1}, {3, 1}}}};
  EXPECT_TRUE(text(shown).contains("!! host2 is on fire; on host2: extinguish\n    c1 -> c2, vm1 -> c2\n"))
      << text(shown);
}

TEST_F(VerifyReport, says_that_networks_are_apart_and_what_leaks) {
  note({Probe::stranger, 2, "-+  "});
  const auto shown = text(verified());
  EXPECT_TRUE(shown.contains("isolation: 1 pair of different networks hear nothing of each other\n")) << shown;
  EXPECT_TRUE(shown.contains("!! c2 -> s1: frames of the network lan come into the network store")) << shown;
  EXPECT_FALSE(verified().is_good());
}

TEST_F(VerifyReport, gives_programs_every_way) {
  hears_all();
  asks(Probe::small4, {" r++", "+ ++", "++ +", "    "});
  const auto value = verified_json(verified());
  const auto& ways = value.at("ways").as_array();
  ASSERT_EQ(ways.size(), 6U);
  EXPECT_EQ(to_text(ways[0]), R"({"from":"c1","network":"lan","probes":{"flood":"answered","small":"answered late"},)"
                              R"("to":"c2","verdict":"late"})");
  EXPECT_EQ(to_text(value.at("pairs")), R"({"all":3,"bad":0,"good":2,"late":1,"not_asked":0})");
}

}  // namespace
}  // namespace weft::lab

#include "lab/census.hpp"

#include <gtest/gtest.h>

namespace weft::lab {
namespace {

TEST(Census, reads_what_its_script_prints) {
  const auto things = read_census("devices lo\ndevices veth0\nBPF maps 12\nprocesses weftd (7)\nnonsense\ndevices \n");
  EXPECT_EQ(things, (Things{{"devices", {"lo", "veth0"}}, {"BPF maps", {"12"}}, {"processes", {"weftd (7)"}}}));
}

TEST(Census, calls_left_over_what_came_with_the_lab_and_stays) {
  const Census before{{"h", {{"devices", {"lo"}}}}};
  const Census during{{"h", {{"devices", {"lo", "veth0", "veth1"}}}}};
  const Census after{{"h", {{"devices", {"lo", "veth1", "somebody's"}}}}};
  EXPECT_EQ(left_over(before, during, after), (Census{{"h", {{"devices", {"veth1"}}}}}));
  EXPECT_EQ(left_over(before, during, {}), Census{});
  EXPECT_EQ(tell(left_over(before, during, after)), std::vector<std::string>{"devices on h: veth1"});
}

TEST(Census, comes_back_from_json) {
  const Census census{{"h", {{"devices", {"lo", "veth0"}}}}, {"i", {}}};
  EXPECT_EQ(census_from_json(to_json(census)), census);
  EXPECT_EQ(census_from_json(json::value(1)), Census{});
}

}  // namespace
}  // namespace weft::lab

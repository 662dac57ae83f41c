#include "reconcile/ofports.hpp"

namespace weft::reconcile {
namespace {

const Uuid a = *Uuid::parse("00000000-0000-4000-8000-00000000000a");
const Uuid b = *Uuid::parse("00000000-0000-4000-8000-00000000000b");
const Uuid c = *Uuid::parse("00000000-0000-4000-8000-00000000000c");
using Given = std::map<Uuid, std::uint16_t>;

TEST(Ofports, are_given_from_one_upwards) {
  EXPECT_EQ(allocate_ofports({{.interface = b}, {.interface = a}}), (Given{{b, 1}, {a, 2}}));
}

TEST(Ofports, stay_while_others_come_and_go) {
  EXPECT_EQ(allocate_ofports({{.interface = a}, {.interface = b, .present = 1}, {.interface = c, .present = 3}}),
            (Given{{a, 2}, {b, 1}, {c, 3}}));
}

TEST(Ofports, are_as_requested_where_nobody_has_the_number) {
  EXPECT_EQ(allocate_ofports({{.interface = a}, {.interface = b, .requested = 1}}), (Given{{a, 2}, {b, 1}}));
  EXPECT_EQ(allocate_ofports({{.interface = a, .present = 4, .requested = 9}}), (Given{{a, 9}}));
  EXPECT_EQ(allocate_ofports({{.interface = a, .present = 1}, {.interface = b, .requested = 1}}),
            (Given{{a, 1}, {b, 2}}));
}

TEST(Ofports, ignore_numbers_out_of_range_and_errors_of_before) {
  EXPECT_EQ(allocate_ofports({{.interface = a, .present = -1}, {.interface = b, .present = 0, .requested = 65280}}),
            (Given{{a, 1}, {b, 2}}));
}

TEST(Ofports, run_out_without_taking_one_twice) {
  std::vector<OfportClaim> claims(greatest_ofport + 1);
  for (auto& claim : claims) claim.interface = Uuid::random();
  EXPECT_EQ(allocate_ofports(claims).size(), greatest_ofport);
}

}  // namespace
}  // namespace weft::reconcile

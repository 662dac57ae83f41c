#include "reconcile/ofports.hpp"

#include <fmt/format.h>

namespace weft::reconcile {
namespace {

const Uuid a = *Uuid::parse("00000000-0000-4000-8000-00000000000a");
const Uuid b = *Uuid::parse("00000000-0000-4000-8000-00000000000b");
const Uuid c = *Uuid::parse("00000000-0000-4000-8000-00000000000c");
using Claims = std::map<Uuid, std::optional<OfportClaim>>;

// The numbers of a, b and c.
std::vector<int> numbers(const Ofports& ofports) {
  return {ofports.number_of(a), ofports.number_of(b), ofports.number_of(c)};
}
std::vector<int> given(const Claims& claims) {
  Ofports ofports;
  ofports.update(claims);
  return numbers(ofports);
}

TEST(Ofports, are_given_from_one_upwards_in_the_order_of_names) {
  EXPECT_EQ(given({{a, {{.name = "second"}}}, {b, {{.name = "first"}}}}), (std::vector{2, 1, 0}));
}

TEST(Ofports, stay_while_others_come_and_go) {
  Ofports ofports;
  ofports.update({{b, {{.present = 1}}}, {c, {{.present = 3}}}});
  EXPECT_EQ(ofports.update({{a, OfportClaim{}}}), std::set{a});
  EXPECT_EQ(numbers(ofports), (std::vector{2, 1, 3}));
  EXPECT_TRUE(ofports.update({{b, std::nullopt}}).empty());
  EXPECT_EQ(numbers(ofports), (std::vector{2, 0, 3}));
}

TEST(Ofports, are_as_requested_where_nobody_has_the_number) {
  EXPECT_EQ(given({{a, OfportClaim{}}, {b, {{.requested = 1}}}}), (std::vector{2, 1, 0}));
  EXPECT_EQ(given({{a, {{.present = 4, .requested = 9}}}}), (std::vector{9, 0, 0}));
  EXPECT_EQ(given({{a, {{.present = 1}}}, {b, {{.requested = 1}}}}), (std::vector{1, 2, 0}));
}

TEST(Ofports, are_as_requested_once_the_number_is_free) {
  Ofports ofports;
  ofports.update({{a, {{.requested = 7}}}});
  ofports.update({{b, {{.requested = 7}}}});
  EXPECT_EQ(numbers(ofports), (std::vector{7, 1, 0}));
  EXPECT_EQ(ofports.update({{a, std::nullopt}}), std::set{b});
  EXPECT_EQ(numbers(ofports), (std::vector{0, 7, 0}));
}

TEST(Ofports, ignore_numbers_out_of_range_and_errors_of_before) {
  EXPECT_EQ(given({{a, {{.present = -1}}}, {b, {{.present = 0, .requested = 65280}}}}), (std::vector{1, 2, 0}));
}

TEST(Ofports, run_out_without_taking_one_twice) {
  Claims claims;
  for (int i = 0; i < greatest_ofport; ++i) claims[Uuid::random()] = OfportClaim{.name = "before"};
  Ofports ofports;
  ofports.update(claims);
  ofports.update({{a, OfportClaim{}}});
  EXPECT_EQ(ofports.number_of(a), 0);
  std::set<std::uint16_t> numbers;
  for (const auto& [interface, claim] : claims) numbers.insert(ofports.number_of(interface));
  EXPECT_EQ(numbers.size(), greatest_ofport);
  EXPECT_EQ(*numbers.begin(), 1);

  EXPECT_EQ(ofports.update({{claims.begin()->first, std::nullopt}}), std::set{a});
}

}  // namespace
}  // namespace weft::reconcile

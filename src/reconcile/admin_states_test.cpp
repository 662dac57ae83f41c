#include "reconcile/admin_states.hpp"

namespace weft::reconcile {
namespace {

using Changes = std::map<std::string, bool>;
const std::set<std::string> both = {"lu-br0", "veth0"};

model::Observed with(bool up) {
  model::Observed observed;
  observed.links["lu-br0"] = {.ifindex = 1, .admin_up = up, .made = model::MadeKind::internal};
  observed.links["veth0"] = {.ifindex = 2, .admin_up = up};
  return observed;
}

TEST(AdminStates, tell_what_the_operator_set_once) {
  AdminStates states;
  states.note(plan::CreateDevice{.device = "lu-br0", .settings = model::InternalDevice{}});
  EXPECT_EQ(states.take_changes(with(false), both), Changes{});
  EXPECT_EQ(states.take_changes(with(true), both), (Changes{{"lu-br0", true}}));
  EXPECT_EQ(states.take_changes(with(true), both), Changes{});
}

TEST(AdminStates, do_not_take_our_own_step_for_the_operators) {
  AdminStates states;
  states.take_changes(with(false), both);
  states.note(plan::SetAdminState{.device = "lu-br0", .up = true});
  EXPECT_EQ(states.take_changes(with(true), both), Changes{});
}

TEST(AdminStates, take_over_what_was_set_while_nobody_watched) {
  EXPECT_EQ(AdminStates().take_changes(with(true), both), (Changes{{"lu-br0", true}}));
}

TEST(AdminStates, do_not_take_a_journey_to_another_namespace_for_the_operators_will) {
  AdminStates states;
  states.take_changes(with(true), both);
  auto away = with(true);
  away.links["lu-br0"].is_away = true;
  EXPECT_EQ(states.take_changes(away, both), Changes{});
  EXPECT_EQ(states.take_changes(with(false), both), Changes{}) << "it came home down";
  EXPECT_EQ(states.take_changes(with(true), both), (Changes{{"lu-br0", true}}));
}

}  // namespace
}  // namespace weft::reconcile

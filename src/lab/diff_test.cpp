#include "lab/diff.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weft::lab {
namespace {

Object object(Kind kind, std::string name, std::vector<ObjectId> needs = {}, std::string setting = "") {
  return {.id = {kind, "host1", std::move(name)}, .needs = std::move(needs), .create = {shell(std::move(setting))}};
}

RecordedObjects recorded(const std::vector<Object>& objects) {
  RecordedObjects result;
  for (const auto& one : objects) result[one.id] = {one, true};
  return result;
}

// What the steps make of it, in order; a step that does not fit is a failure.
RecordedObjects carried_out(const Steps& steps, RecordedObjects state) {
  for (const auto& [action, one] : steps) {
    if (action == Step::Action::remove) {
      for (const auto& [id, other] : state) {
        EXPECT_EQ(std::ranges::count(other.object.needs, one.id), 0) << to_string(id) << " still stands on it";
      }
      EXPECT_EQ(state.erase(one.id), 1U);
    } else if (action == Step::Action::start) {
      EXPECT_TRUE(state.at(one.id).is_whole) << to_string(one.id);
    } else {
      for (const auto& need : one.needs) EXPECT_TRUE(state.contains(need)) << to_string(one.id);
      EXPECT_TRUE(state.emplace(one.id, Recorded{one, true}).second) << to_string(one.id);
    }
  }
  return state;
}

const auto host = object(Kind::host, "host1");
const auto bridge = object(Kind::bridge, "br", {host.id});
const auto container = object(Kind::container, "c1", {bridge.id});

TEST(Diff, of_what_is_as_it_should_be_is_empty) {
  EXPECT_EQ(diff({host, bridge, container}, recorded({host, bridge, container})), Steps{});
}

TEST(Diff, makes_in_the_order_of_kinds) {
  const auto steps = diff({container, bridge, host}, {});
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].object, host);
  EXPECT_EQ(steps[2].object, container);
}

TEST(Diff, takes_away_in_reverse) {
  const auto steps = diff({}, recorded({host, bridge, container}));
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].object, container);
  EXPECT_EQ(steps[2].object, host);
}

TEST(Diff, makes_anew_what_stands_on_something_that_changed) {
  auto changed = bridge;
  changed.create = {shell("other")};
  EXPECT_EQ(diff({host, changed, container}, recorded({host, bridge, container})),
            (Steps{{Step::Action::remove, container},
                   {Step::Action::remove, bridge},
                   {Step::Action::create, changed},
                   {Step::Action::create, container}}));
}

TEST(Diff, makes_anew_what_was_begun_only) {
  auto state = recorded({host, bridge});
  state.at(bridge.id).is_whole = false;
  EXPECT_EQ(diff({host, bridge}, state), (Steps{{Step::Action::remove, bridge}, {Step::Action::create, bridge}}));
}

TEST(Diff, leaves_alone_what_did_not_change) {
  const auto other = object(Kind::container, "c2", {bridge.id});
  EXPECT_EQ(diff({host, bridge, container, other}, recorded({host, bridge, container})),
            (Steps{{Step::Action::create, other}}));
}

Object revivable(Object object) {
  object.revive = {shell("start")};
  return object;
}

TEST(Diff, starts_again_only_what_has_ended) {
  const auto one = revivable(object(Kind::machine, "vm1", {bridge.id})),
             other = revivable(object(Kind::machine, "vm2", {bridge.id})),
             guest = revivable(object(Kind::guest, "vm1", {one.id}));
  EXPECT_EQ(diff({host, bridge, one, other, guest}, recorded({host, bridge, one, other, guest}), {one.id}),
            (Steps{{Step::Action::start, one}, {Step::Action::start, guest}}));
}

TEST(Diff, makes_anew_what_has_ended_and_cannot_be_started) {
  const auto on_it = object(Kind::guest, "c1", {container.id});
  EXPECT_EQ(diff({host, bridge, container, on_it}, recorded({host, bridge, container, on_it}), {container.id}),
            (Steps{{Step::Action::remove, on_it},
                   {Step::Action::remove, container},
                   {Step::Action::create, container},
                   {Step::Action::create, on_it}}));
}

TEST(Diff, starts_a_switch_before_its_bridges_leave) {
  const auto daemon = revivable(object(Kind::vswitch, "weftd", {host.id}));
  const auto stands_on_it = object(Kind::bridge, "br", {host.id, daemon.id});
  EXPECT_EQ(diff({}, recorded({host, daemon, stands_on_it}), {daemon.id}), (Steps{{Step::Action::start, daemon},
                                                                                  {Step::Action::remove, stands_on_it},
                                                                                  {Step::Action::remove, daemon},
                                                                                  {Step::Action::remove, host}}));
}

TEST(Diff, starts_nothing_that_is_made_anew_with_what_it_stands_on) {
  const auto machine = revivable(object(Kind::machine, "vm1", {bridge.id}));
  EXPECT_EQ(diff({host, bridge, machine}, recorded({host, bridge, machine}), {bridge.id, machine.id}),
            (Steps{{Step::Action::remove, machine},
                   {Step::Action::remove, bridge},
                   {Step::Action::create, bridge},
                   {Step::Action::create, machine}}));
}

std::vector<Object> random_objects(std::mt19937& random) {
  std::vector<Object> objects;
  const auto maybe = [&](unsigned percent) { return random() % 100 < percent; };
  for (const auto kind : {Kind::host, Kind::bridge, Kind::tunnel, Kind::container}) {
    for (const auto* name : {"a", "b", "c"}) {
      if (maybe(30)) continue;
      auto one = object(kind, name, {}, maybe(20) ? "other" : "usual");
      if (maybe(30)) one.revive = {shell("start")};
      for (const auto& below : objects) {
        if (below.id.kind < kind && maybe(40)) one.needs.push_back(below.id);
      }
      objects.push_back(std::move(one));
    }
  }
  return objects;
}

TEST(Diff, carried_out_reaches_what_is_desired_and_is_then_empty) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    auto state = recorded(random_objects(random));
    std::set<ObjectId> ended;
    for (auto& [id, one] : state) {
      one.is_whole = random() % 8 != 0;
      if (one.is_whole && random() % 4 == 0) ended.insert(id);
    }
    const auto desired = random_objects(random);
    const auto after = carried_out(diff(desired, state, ended), state);
    EXPECT_EQ(after, recorded(desired));
    EXPECT_EQ(diff(desired, after), Steps{});
  }
}

TEST(Wave, is_of_one_action_and_one_kind) {
  const auto steps = diff({host, object(Kind::bridge, "x"), object(Kind::bridge, "y"), container}, {});
  EXPECT_EQ(wave_size(steps), 1U);
  EXPECT_EQ(wave_size(std::span(steps).subspan(1)), 2U);
  EXPECT_EQ(wave_size({}), 0U);
}

}  // namespace
}  // namespace weft::lab

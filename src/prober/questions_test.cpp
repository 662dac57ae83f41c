#include "prober/questions.hpp"

#include <gtest/gtest.h>

namespace weft::prober {
namespace {

Questions some() {
  Questions questions(Probe::small4, 4);
  questions.add(2, {0, 1});
  questions.add(0, {1, 2});
  return questions;
}

TEST(Questions, are_open_until_they_end) {
  auto questions = some();
  EXPECT_EQ(questions.open_count(), 4U);
  questions.answer(0, 2);
  EXPECT_EQ(questions.open(), (std::vector<Questions::Question>{{0, 1}, {2, 0}, {2, 1}}));
  EXPECT_FALSE(questions.is_open(0, 2));
}

TEST(Questions, that_nobody_asked_cannot_be_answered) {
  auto questions = some();
  questions.answer(0, 3);
  questions.answer(1, 0);
  questions.answer(0, 77);
  EXPECT_EQ(questions.open_count(), 4U);
}

TEST(Questions, tell_who_answered_at_once_late_or_never) {
  auto questions = some();
  questions.answer(0, 1);
  questions.next_round();
  questions.answer(0, 2);
  questions.suspect(2, 0, Outcome::too_large);
  EXPECT_EQ(questions.rows(), (std::vector<Row>{{Probe::small4, 0, " +r "}, {Probe::small4, 2, "m-  "}}));
}

TEST(Questions, that_seemed_hopeless_may_be_answered_all_the_same) {
  auto questions = some();
  questions.suspect(0, 1, Outcome::unreachable);
  questions.answer(0, 1);
  questions.answer(0, 1);
  EXPECT_EQ(questions.open_count(), 3U);
  EXPECT_EQ(questions.rows()[0].outcomes, " +- ");
}

}  // namespace
}  // namespace weft::prober

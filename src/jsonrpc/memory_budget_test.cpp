#include "jsonrpc/memory_budget.hpp"

#include <gtest/gtest.h>

namespace weft::jsonrpc {
namespace {

class Peer : public MemoryBudget::Holder {
 public:
  Peer(MemoryBudget& budget, std::size_t count) : budget_(budget) {
    budget_.add(*this);
    hold(count);
  }
  ~Peer() override { budget_.remove(*this); }
  std::size_t held_bytes() const override { return bytes; }
  void throw_out(std::size_t) override { is_out = true; }
  void hold(std::size_t count) {
    bytes = count;
    budget_.note(*this);
  }

  std::size_t bytes = 0;
  bool is_out = false;

 private:
  MemoryBudget& budget_;
};

TEST(MemoryBudget, lets_everybody_be_who_together_keep_to_it) {
  MemoryBudget budget(100);
  const Peer first(budget, 50), second(budget, 50);
  EXPECT_FALSE(first.is_out || second.is_out);
  EXPECT_EQ(budget.held_bytes(), 100u);
}

TEST(MemoryBudget, throws_out_who_holds_most_not_who_asked_last) {
  MemoryBudget budget(100);
  const Peer small(budget, 30), large(budget, 60);
  const Peer last(budget, 20);
  EXPECT_TRUE(large.is_out);
  EXPECT_FALSE(small.is_out || last.is_out);
  EXPECT_EQ(budget.held_bytes(), 50u);
}

TEST(MemoryBudget, throws_out_as_many_as_it_takes) {
  MemoryBudget budget(100);
  const Peer first(budget, 50), second(budget, 45);
  const Peer last(budget, 200);
  EXPECT_TRUE(last.is_out);
  EXPECT_FALSE(first.is_out || second.is_out);
}

TEST(MemoryBudget, does_not_throw_out_for_what_was_let_go_unnoted) {
  MemoryBudget budget(100);
  Peer first(budget, 90);
  first.bytes = 10;
  const Peer second(budget, 60);
  EXPECT_FALSE(first.is_out || second.is_out);
}

TEST(MemoryBudget, counts_no_more_who_has_left) {
  MemoryBudget budget(100);
  {
    const Peer gone(budget, 90);
  }
  EXPECT_EQ(budget.held_bytes(), 0u);
}

}  // namespace
}  // namespace weft::jsonrpc

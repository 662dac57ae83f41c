#include "kernel/port_slots.hpp"

#include <bpf/bpf.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "bpf/abi.h"

namespace weft::kernel {
namespace {

class PortSlotsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!all_ || !near_) GTEST_SKIP() << "may not make BPF maps";
  }

  Slot near(std::uint32_t ifindex) const {
    Slot slot = 0;
    bpf_map_lookup_elem(near_.get(), &ifindex, &slot);
    return slot;
  }

  const UniqueFd all_{bpf_map_create(BPF_MAP_TYPE_HASH, "all", sizeof(std::uint32_t), sizeof(Slot), 8, nullptr)};
  const UniqueFd near_{
      bpf_map_create(BPF_MAP_TYPE_ARRAY, "near", sizeof(std::uint32_t), sizeof(Slot), WEFT_NEAR_IFINDEXES, nullptr)};
  const PortSlots slots_{all_.get(), near_.get()};
};

TEST_F(PortSlotsTest, a_device_with_a_small_number_is_in_both_maps_and_leaves_both) {
  const std::uint32_t last = WEFT_NEAR_IFINDEXES - 1;
  EXPECT_TRUE(slots_.enter(last, 7));
  EXPECT_EQ(slots_.read().value(), (std::map<std::uint32_t, Slot>{{last, 7}}));
  EXPECT_EQ(near(last), 7U);
  slots_.forget(last);
  EXPECT_TRUE(slots_.read().value().empty());
  EXPECT_EQ(near(last), 0U);
}

TEST_F(PortSlotsTest, one_with_a_large_number_is_in_the_table_alone) {
  EXPECT_TRUE(slots_.enter(WEFT_NEAR_IFINDEXES, 7));
  EXPECT_EQ(slots_.read().value(), (std::map<std::uint32_t, Slot>{{WEFT_NEAR_IFINDEXES, 7}}));
  slots_.forget(WEFT_NEAR_IFINDEXES);
  EXPECT_TRUE(slots_.read().value().empty());
}

}  // namespace
}  // namespace weft::kernel

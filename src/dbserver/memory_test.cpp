#include "dbserver/memory.hpp"

namespace weft::dbserver {
namespace {

TEST(Memory, gives_back_what_was_written_last) {
  const Remembered first{{"/a/db", "/b \"x\"\n"}, {"punix:a", "ptcp:6640"}, {"unix:s", {{"d", {"a", "b"}}}, true}};
  auto memory = Memory::make(first);
  ASSERT_TRUE(memory);
  EXPECT_EQ(*memory->read(), first);
  ASSERT_TRUE(memory->write({}));
  EXPECT_EQ(*memory->read(), Remembered{});
}

}  // namespace
}  // namespace weft::dbserver

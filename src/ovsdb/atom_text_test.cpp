#include "ovsdb/atom_text.hpp"

namespace weft::ovsdb {
namespace {

TEST(AtomText, prints_a_string_bare_only_if_it_reads_back_as_that_string) {
  for (const auto* bare : {"br0", "_x", "a-b.c", "lu-br0", "TRUE", "internal"})
    EXPECT_FALSE(needs_quotes(bare)) << bare;
  for (const auto* quoted :
       {"", "0a", "a b", "a:b", "true", "false", "-x", ".x", "caf\xc3\xa9", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}) {
    EXPECT_TRUE(needs_quotes(quoted)) << quoted;
  }
}

}  // namespace
}  // namespace weft::ovsdb

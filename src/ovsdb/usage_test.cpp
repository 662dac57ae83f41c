#include "ovsdb/usage.hpp"

#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using session_fixture::Client;

class UsageTest : public session_fixture::SessionTest {};

TEST_F(UsageTest, counts_what_is_there_and_who_looks_at_it) {
  Client client(service);
  const auto before = usage_of(service);
  EXPECT_EQ(before.sessions, 1u);
  EXPECT_EQ(before.monitors, 0u);
  client.result("transact", R"(["T",{"op":"insert","table":"A","row":{"name":"x","m":["map",[["a","b"]]]}}])");
  client.result("monitor", R"(["T","m",{}])");
  const auto after = usage_of(service);
  EXPECT_EQ(after.rows, before.rows + 1);
  EXPECT_EQ(after.cells, before.cells + 7);  // name, n, s, m, o, _uuid, _version
  EXPECT_EQ(after.atoms, before.atoms + 6);  // One each of name, n, _uuid, _version; two of m.
  EXPECT_EQ(after.monitors, 1u);
}

}  // namespace
}  // namespace weft::ovsdb

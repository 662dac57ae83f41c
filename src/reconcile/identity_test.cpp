#include "reconcile/identity.hpp"

namespace weft::reconcile {
namespace {

TEST(OsRelease, gives_system_type_and_version) {
  Identity identity;
  parse_os_release("NAME=\"Debian\"\nVERSION_ID=\"12\"\nVERSION=x\nID=debian\nID_LIKE=y", identity);
  EXPECT_EQ(identity.system_type, "debian");
  EXPECT_EQ(identity.system_version, "12");
}

TEST(OsRelease, changes_nothing_if_it_says_nothing) {
  Identity identity{.system_type = "unknown"};
  parse_os_release("", identity);
  parse_os_release("\n\n=\nID", identity);
  EXPECT_EQ(identity.system_type, "unknown");
}

}  // namespace
}  // namespace weft::reconcile

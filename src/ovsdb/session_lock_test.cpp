#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

class SessionLock : public SessionTest {
 protected:
  std::string assert_lock(Client& client) { return client.result("transact", R"(["T",{"op":"assert","lock":"L"}])"); }
  Client alice{service};
  Client bob{service};
};

const std::string told_locked = R"({"id":null,"method":"locked","params":["L"]})";
const std::string told_stolen = R"({"id":null,"method":"stolen","params":["L"]})";

TEST_F(SessionLock, is_owned_by_the_first_and_handed_to_the_second) {
  EXPECT_EQ(alice.result("lock", R"(["L"])"), R"({"locked":true})");
  EXPECT_EQ(bob.result("lock", R"(["L"])"), R"({"locked":false})");
  EXPECT_EQ(alice.result("unlock", R"(["L"])"), "{}");
  EXPECT_EQ(bob.heard(), Texts{told_locked});
}

TEST_F(SessionLock, stolen_tells_the_robbed_who_gets_it_back) {
  alice.result("lock", R"(["L"])");
  EXPECT_EQ(bob.result("steal", R"(["L"])"), R"({"locked":true})");
  EXPECT_EQ(alice.heard(), Texts{told_stolen});
  bob.result("unlock", R"(["L"])");
  EXPECT_EQ(alice.heard(), Texts{told_locked});
}

TEST_F(SessionLock, of_a_client_that_leaves_goes_to_who_waits) {
  alice.result("lock", R"(["L"])");
  bob.result("lock", R"(["L"])");
  alice.leave();
  EXPECT_EQ(bob.heard(), Texts{told_locked});
}

TEST_F(SessionLock, can_be_asserted_by_its_owner_only) {
  alice.result("lock", R"(["L"])");
  EXPECT_EQ(assert_lock(alice), "[{}]");
  EXPECT_NE(assert_lock(bob).find("not owner"), std::string::npos);
}

TEST_F(SessionLock, is_asked_for_once_and_given_back_once) {
  alice.result("lock", R"(["L"])");
  EXPECT_EQ(alice.refusal("lock", R"(["L"])"), "syntax error");
  EXPECT_EQ(alice.refusal("steal", R"(["L"])"), "syntax error");
  EXPECT_EQ(bob.refusal("unlock", R"(["L"])"), "syntax error");
}

TEST_F(SessionLock, must_be_named_by_an_id) {
  for (const auto* params : {"[]", "[5]", R"(["5x"])", R"([""])", R"(["L","M"])"})
    for (const auto* method : {"lock", "steal", "unlock"})
      EXPECT_EQ(alice.refusal(method, params), "syntax error") << method << params;
}

TEST_F(SessionLock, has_a_name_of_limited_length) {
  EXPECT_EQ(alice.result("lock", fmt::format(R"(["{}"])", std::string(max_lock_name_bytes, 'L'))),
            R"({"locked":true})");
  EXPECT_EQ(alice.refusal("lock", fmt::format(R"(["{}"])", std::string(max_lock_name_bytes + 1, 'L'))),
            "resources exhausted");
}

TEST_F(SessionLock, is_one_of_a_limited_number_per_client) {
  for (std::size_t i = 0; i < max_locks; ++i) alice.result("lock", fmt::format(R"(["L{}"])", i));
  EXPECT_EQ(alice.refusal("lock", R"(["M"])"), "resources exhausted");
  EXPECT_EQ(bob.result("lock", R"(["M"])"), R"({"locked":true})");
}

TEST_F(SessionLock, is_not_to_be_had_while_the_server_is_read_only) {
  const std::string refusal = R"("lock and unlock methods not allowed, DB server is read only.")";
  service.set_read_only(true);
  for (const auto* method : {"lock", "steal", "unlock"}) EXPECT_EQ(alice.result(method, R"(["L"])"), refusal);
  service.set_read_only(false);
  EXPECT_EQ(alice.result("lock", R"(["L"])"), R"({"locked":true})");
}

}  // namespace
}  // namespace weft::ovsdb

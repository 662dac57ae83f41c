#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

constexpr std::string_view wait_for_row =
    R"(["T",{"op":"wait","table":"A","where":[["name","==","x"]],"columns":["n"],"until":"==","rows":[{"n":4}]},
        {"op":"comment","comment":"met"}])";
constexpr std::string_view insert_row = R"(["T",{"op":"insert","table":"A","row":{"name":"x","n":4}}])";

class SessionTransact : public SessionTest {
 protected:
  std::string wait_with_timeout(int timeout_ms) {
    return fmt::format(R"(["T",{{"op":"wait","timeout":{},"table":"A","where":[],"columns":["n"],"until":"==",
                             "rows":[{{"n":4}}]}}])",
                       timeout_ms);
  }
  Client client{service};
  Client other{service};
};

TEST_F(SessionTransact, a_wait_is_answered_when_another_client_makes_it_true) {
  client.ask("transact", wait_for_row, "7");
  EXPECT_EQ(client.heard(), Texts{});
  other.ask("transact", insert_row);
  EXPECT_EQ(retries_due, 1);
  service.retry_blocked();
  EXPECT_EQ(client.heard(), Texts{R"({"error":null,"id":7,"result":[{},{}]})"});
  other.ask("transact", R"(["T",{"op":"update","table":"A","where":[],"row":{"n":5}}])");
  service.retry_blocked();
  EXPECT_EQ(client.heard(), Texts{}) << "it is answered once";
}

TEST_F(SessionTransact, a_wait_ends_at_its_timeout_and_not_before) {
  client.ask("transact", wait_with_timeout(300), "7");
  ASSERT_EQ(service.next_timeout(), now + std::chrono::milliseconds(300));
  now += std::chrono::milliseconds(299);
  service.retry_blocked();
  EXPECT_EQ(client.heard(), Texts{});
  now += std::chrono::milliseconds(1);
  service.retry_blocked();
  const auto heard = client.heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_NE(heard[0].find(R"("error":"timed out")"), std::string::npos) << heard[0];
  EXPECT_FALSE(service.next_timeout());
}

TEST_F(SessionTransact, the_earliest_of_all_timeouts_is_next) {
  client.ask("transact", wait_with_timeout(300), "7");
  other.ask("transact", wait_with_timeout(100), "7");
  EXPECT_EQ(service.next_timeout(), now + std::chrono::milliseconds(100));
}

TEST_F(SessionTransact, what_one_blocked_transaction_does_can_release_another) {
  client.ask("transact", wait_for_row, "7");
  other.ask("transact", R"(["T",{"op":"wait","table":"B","where":[],"columns":["x"],"until":"==","rows":[{"x":true}]},
                            {"op":"insert","table":"A","row":{"name":"x","n":4}}])",
            "8");
  Client third(service);
  third.ask("transact", R"(["T",{"op":"insert","table":"B","row":{"x":true}}])");
  service.retry_blocked();
  EXPECT_EQ(client.heard().size(), 1u);
  EXPECT_EQ(other.heard().size(), 1u);
}

TEST_F(SessionTransact, a_canceled_transaction_says_so_and_does_nothing) {
  client.ask("transact", wait_for_row, "7");
  ASSERT_TRUE(client.send(R"({"method":"cancel","params":[7],"id":null})"));
  EXPECT_EQ(client.heard(), Texts{R"({"error":"canceled","id":7,"result":null})"});
  other.ask("transact", insert_row);
  service.retry_blocked();
  EXPECT_EQ(client.heard(), Texts{});
}

TEST_F(SessionTransact, a_cancel_of_what_does_not_wait_is_ignored) {
  EXPECT_TRUE(client.send(R"({"method":"cancel","params":[7],"id":null})"));
  EXPECT_TRUE(client.send(R"({"method":"cancel","params":[],"id":null})"));
  EXPECT_EQ(client.heard(), Texts{});
}

TEST_F(SessionTransact, an_id_that_waits_already_is_refused) {
  client.ask("transact", wait_for_row, "7");
  client.ask("transact", wait_for_row, "7");
  const auto heard = client.heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_NE(heard[0].find("duplicate request ID"), std::string::npos);
}

TEST_F(SessionTransact, only_so_many_transactions_of_a_client_may_wait) {
  for (std::size_t i = 0; i < max_blocked_transactions; ++i) client.ask("transact", wait_for_row, std::to_string(i));
  EXPECT_EQ(client.heard(), Texts{});
  EXPECT_EQ(client.refusal("transact", std::string(wait_for_row)), "syntax error") << "id 1 waits already";
  client.ask("transact", wait_for_row, "1000");
  EXPECT_NE(client.heard().at(0).find("resources exhausted"), std::string::npos);
  other.ask("transact", wait_for_row, "1");
  EXPECT_EQ(other.heard(), Texts{}) << "another client is not concerned";
}

TEST_F(SessionTransact, a_client_that_leaves_takes_its_waits_along) {
  client.ask("transact", wait_with_timeout(100), "7");
  client.leave();
  EXPECT_FALSE(service.next_timeout());
  other.ask("transact", insert_row);
  service.retry_blocked();
}

}  // namespace
}  // namespace weft::ovsdb

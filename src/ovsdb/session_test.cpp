#include "ovsdb/session.hpp"

#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

TEST_F(SessionTest, answers_an_echo_with_what_it_was_sent) {
  Client client(service);
  client.ask("echo", R"([1,{"a":[]}])", R"({"any":"id"})");
  EXPECT_EQ(client.heard(), Texts{R"({"error":null,"id":{"any":"id"},"result":[1,{"a":[]}]})"});
}

TEST_F(SessionTest, answers_an_unknown_method_with_the_bare_string_that_clients_recognize) {
  Client client(service);
  client.ask("monitor_cond_until", "[]");
  EXPECT_EQ(client.heard(), Texts{R"({"error":"unknown method","id":1,"result":null})"});
}

TEST_F(SessionTest, lists_its_databases_and_shows_their_schemas) {
  Client client(service);
  EXPECT_EQ(client.result("list_dbs", "[]"), R"(["T","_Server"])");
  EXPECT_EQ(client.result("get_schema", R"(["T"])"), to_text(schema().to_json()));
  EXPECT_NE(client.result("get_schema", R"(["_Server"])").find(R"("name":"_Server")"), std::string::npos);
}

TEST_F(SessionTest, names_an_unknown_database) {
  Client client(service);
  for (const auto* method : {"get_schema", "transact", "monitor", "monitor_cond", "monitor_cond_since", "convert"}) {
    EXPECT_EQ(client.refusal(method, R"(["X",1,{}])"), "unknown database") << method;
    EXPECT_EQ(client.refusal(method, "[]"), "syntax error") << method;
  }
}

TEST_F(SessionTest, a_server_keeps_its_identity_and_differs_from_others) {
  Client client(service);
  const auto id = client.result("get_server_id", "[]");
  EXPECT_EQ(client.result("get_server_id", "[]"), id);
  Service other;
  EXPECT_NE(other.server_id(), service.server_id());
}

TEST_F(SessionTest, takes_word_that_a_client_knows_of_database_changes) {
  Client client(service);
  EXPECT_EQ(client.result("set_db_change_aware", "[true]"), "{}");
  EXPECT_EQ(client.refusal("set_db_change_aware", "[1]"), "syntax error");
}

TEST_F(SessionTest, tells_of_each_database_in_the_server_s_own_which_nobody_may_change) {
  Client client(service);
  const auto rows = client.result(
      "transact", R"(["_Server",{"op":"select","table":"Database","where":[["name","==","T"]],"columns":["model",
                    "connected","leader","schema","cid","sid","index"]}])");
  EXPECT_EQ(parse_json(rows)->at(0).at("rows").at(0).at("model"), "standalone");
  EXPECT_EQ(parse_json(rows)->at(0).at("rows").at(0).at("schema"), json::value(to_text(schema().to_json())));
  const auto refused = client.result("transact", R"(["_Server",{"op":"delete","table":"Database","where":[]}])");
  EXPECT_EQ(parse_json(refused)->at(0).at("error"), "not allowed");
}

TEST_F(SessionTest, refuses_a_malformed_message_and_ignores_replies_and_unknown_notifications) {
  Client client(service);
  EXPECT_FALSE(client.send(R"({"method":"echo","params":5,"id":1})"));
  EXPECT_TRUE(client.send(R"({"result":1,"error":null,"id":7})"));
  EXPECT_TRUE(client.send(R"({"method":"transact","params":["T",{"op":"insert","table":"B","row":{}}],"id":null})"));
  EXPECT_EQ(client.heard(), Texts{});
  EXPECT_TRUE(database.rows(1).empty());
}

}  // namespace
}  // namespace weft::ovsdb

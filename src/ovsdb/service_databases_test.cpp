// Databases that come, go and are converted while clients are connected.
#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

constexpr std::string_view newer_schema = R"({"name": "T", "version": "2.0.0", "tables": {
    "A": {"isRoot": true, "columns": {"name": {"type": "string"}, "n": {"type": "string"}}},
    "B": {"isRoot": true, "columns": {"x": {"type": "boolean"}, "y": {"type": "integer"}}}}})";

class ServiceDatabases : public SessionTest {
 protected:
  static void introduce(Client& client) { EXPECT_EQ(client.result("set_db_change_aware", "[true]"), "{}"); }
  // Of all databases, as told to a client that monitors the server's own one.
  static void follow_databases(Client& client) {
    client.ask("monitor_cond", R"(["_Server","s",{"Database":[{"columns":["name"],"select":{"initial":false}}]}])");
    client.heard();
  }
  static void monitor_b(Client& client) {
    client.ask("monitor_cond", R"(["T","b",{"B":[{"columns":["x"]}]}])");
    EXPECT_EQ(client.heard(), (Texts{R"({"error":null,"id":1,"result":{}})"}));
  }
  static void wait_in_vain(Client& client) {
    client.ask("transact", R"(["T",{"op":"wait","table":"B","where":[],"columns":["x"],"until":"==",
                                    "rows":[{"x":true},{"x":false}]}])",
               R"("w")");
    EXPECT_EQ(client.heard(), Texts{});
  }
  std::string schema_in_server_row(Client& client) {
    const auto rows = client.result(
        "transact",
        R"(["_Server",{"op":"select","table":"Database","where":[["name","==","T"]],"columns":["schema"]}])");
    return std::string(parse_json(rows)->at(0).at("rows").at(0).at("schema").as_string());
  }

  Database other{
      DatabaseSchema::from_json(
          parse_json(R"({"name": "Other", "tables": {"C": {"columns": {"c": {"type": "string"}}}}})").value())
          .value(),
      nullptr};
};

TEST_F(ServiceDatabases, a_new_one_is_told_to_clients_that_know_of_such_and_the_others_begin_anew) {
  Client aware(service), unaware(service);
  introduce(aware);
  follow_databases(aware);
  service.add_database(other);
  const auto heard = aware.heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_NE(heard[0].find(R"({"insert":{"name":"Other"}})"), std::string::npos) << heard[0];
  EXPECT_EQ(aware.result("list_dbs", "[]"), R"(["Other","T","_Server"])");
  EXPECT_EQ(aware.ended(), "");
  EXPECT_EQ(unaware.ended(), "adding Other database");
  service.remove_database("Other");
}

TEST_F(ServiceDatabases, one_that_goes_takes_its_monitors_and_waiting_transactions_along) {
  Client aware(service), unaware(service);
  introduce(aware);
  monitor_b(aware);
  wait_in_vain(aware);
  follow_databases(aware);
  service.remove_database("T");
  const auto heard = aware.heard();
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0], R"({"id":null,"method":"monitor_canceled","params":["b"]})");
  EXPECT_EQ(heard[1], R"({"error":"canceled","id":"w","result":null})");
  EXPECT_NE(heard[2].find(R"({"delete":null})"), std::string::npos) << heard[2];
  EXPECT_EQ(aware.refusal("get_schema", R"(["T"])"), "unknown database");
  EXPECT_EQ(unaware.ended(), "removing T database by user request");
  service.add_database(database);
  aware.heard();
  EXPECT_EQ(aware.result("list_dbs", "[]"), R"(["T","_Server"])");
  monitor_b(aware);
}

TEST_F(ServiceDatabases, whoever_looks_into_them_hears_of_each_coming_going_and_conversion) {
  int changes = 0;
  service.on_databases_changed([&] { ++changes; });
  service.add_database(other);
  service.remove_database("Other");
  EXPECT_EQ(changes, 2);
  Client client(service);
  EXPECT_EQ(client.result("convert", fmt::format(R"(["T",{}])", newer_schema)), "{}");
  EXPECT_EQ(changes, 3);
}

TEST_F(ServiceDatabases, one_is_converted_with_its_rows_and_its_monitors_end) {
  Client aware(service), unaware(service);
  introduce(aware);
  aware.result("transact", R"(["T",{"op":"insert","table":"B","row":{"x":true}}])");
  aware.ask("monitor_cond", R"(["T","b",{"B":[{"columns":["x"]}]}])");
  wait_in_vain(unaware);
  aware.heard();
  aware.ask("convert", fmt::format(R"(["T",{}])", newer_schema));
  EXPECT_EQ(aware.heard(), (Texts{R"({"id":null,"method":"monitor_canceled","params":["b"]})",
                                  R"({"error":null,"id":1,"result":{}})"}));
  EXPECT_EQ(unaware.ended(), "committed T database schema conversion");
  EXPECT_EQ(aware.result("transact", R"(["T",{"op":"select","table":"B","where":[],"columns":["x","y"]}])"),
            R"([{"rows":[{"x":true,"y":0}]}])");
  const auto schema = to_text(DatabaseSchema::from_json(parse_json(newer_schema).value())->to_json());
  EXPECT_EQ(aware.result("get_schema", R"(["T"])"), schema);
  EXPECT_EQ(schema_in_server_row(aware), schema);
}

TEST_F(ServiceDatabases, a_conversion_that_the_rows_do_not_allow_changes_nothing) {
  Client aware(service), unaware(service);
  aware.result("transact", R"(["T",{"op":"insert","table":"A","row":{"n":7}}])");
  monitor_b(unaware);
  const auto before = schema_in_server_row(aware);
  EXPECT_EQ(aware.refusal("convert", fmt::format(R"(["T",{}])", newer_schema)), "syntax error");
  EXPECT_EQ(unaware.heard(), Texts{});
  EXPECT_EQ(unaware.ended(), "");
  EXPECT_EQ(schema_in_server_row(aware), before);
  EXPECT_EQ(aware.result("get_schema", R"(["T"])"), to_text(schema().to_json()));
}

TEST_F(ServiceDatabases, a_conversion_that_the_user_of_the_schema_refuses_changes_nothing) {
  bool is_adapted = false;
  database.set_schema_user(
      {[](const DatabaseSchema&) -> Result<> { return fail("unsuitable schema", "no"); }, [&] { is_adapted = true; }});
  Client client(service);
  EXPECT_EQ(client.refusal("convert", fmt::format(R"(["T",{}])", newer_schema)), "unsuitable schema");
  EXPECT_FALSE(is_adapted);
  EXPECT_EQ(client.result("get_schema", R"(["T"])"), to_text(schema().to_json()));
}

TEST_F(ServiceDatabases, a_conversion_needs_a_schema_of_the_same_name) {
  Client client(service);
  EXPECT_EQ(client.refusal("convert", R"(["T"])"), "syntax error");
  EXPECT_EQ(client.refusal("convert", R"(["T",{"name":"T"}])"), "syntax error");
  EXPECT_EQ(client.refusal("convert", R"(["T",{"name":"U","tables":{}}])"), "invalid parameters");
  EXPECT_EQ(client.refusal("convert", R"(["_Server",{"name":"_Server","tables":{}}])"), "not allowed");
}

TEST_F(ServiceDatabases, a_client_that_saw_the_database_before_its_conversion_gets_everything) {
  Client client(service);
  client.result("transact", R"(["T",{"op":"insert","table":"B","row":{"x":true}}])");
  const auto before = database.last_transaction_id().to_string();
  ASSERT_EQ(client.result("convert", fmt::format(R"(["T",{}])", newer_schema)), "{}");
  const auto answer = parse_json(
      client.result("monitor_cond_since", fmt::format(R"(["T","b",{{"B":[{{"columns":["x"]}}]}},"{}"])", before)));
  EXPECT_FALSE(answer->at(0).as_bool());
  EXPECT_NE(answer->at(1).as_string(), before);
}

}  // namespace
}  // namespace weft::ovsdb

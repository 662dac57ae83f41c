// Relays, as sessions see them: databases whose changes are carried out elsewhere.
#include "ovsdb/execution.hpp"
#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

// Answers when it is told to.
class Source : public TransactionSource {
 public:
  bool forward(const json::array& params, std::function<void(jsonrpc::Reply reply)> done) override {
    if (!is_reachable) return false;
    asked.push_back(to_text(params));
    waiting.push_back(std::move(done));
    return true;
  }
  void answer(json::value result, json::value error = {}) {
    for (auto& done : std::exchange(waiting, {})) done({.result = result, .error = error, .id = {}});
  }

  bool is_reachable = true;
  std::vector<std::string> asked;
  std::vector<std::function<void(jsonrpc::Reply)>> waiting;
};

DatabaseSchema nothing_but_a_name() {
  DatabaseSchema schema;
  schema.name = "R";
  return schema;
}

DatabaseSchema named_r() {
  auto schema = test_schema::schema();
  schema.name = "R";
  return schema;
}

constexpr std::string_view insert_row = R"(["R",{"op":"insert","table":"A","row":{"n":4}}])";

class ServiceRelay : public SessionTest {
 protected:
  ServiceRelay() { service.add_relay(relay, source); }
  ~ServiceRelay() override { service.remove_database("R"); }

  std::string server_row(Client& client) {
    return client.result("transact", R"(["_Server",{"op":"select","table":"Database","where":[["name","==","R"]],
                                         "columns":["connected","leader","model"]}])");
  }

  Source source;
  Database relay{nothing_but_a_name(), nullptr};
};

TEST_F(ServiceRelay, is_not_available_before_it_has_a_schema) {
  Client client(service);
  EXPECT_EQ(client.result("list_dbs", "[]"), R"(["R","T","_Server"])");
  for (const auto* method : {"get_schema", "transact", "monitor"})
    EXPECT_EQ(client.refusal(method, R"(["R"])"), "database not available") << method;
  EXPECT_EQ(server_row(client), R"([{"rows":[{"connected":false,"leader":false,"model":"relay"}]}])");
  service.adopt_schema("R", named_r());
  service.set_connected("R", true);
  EXPECT_EQ(client.result("transact", R"(["R",{"op":"select","table":"A","where":[]}])"), R"([{"rows":[]}])");
  EXPECT_EQ(server_row(client), R"([{"rows":[{"connected":true,"leader":false,"model":"relay"}]}])");
}

TEST_F(ServiceRelay, has_changes_carried_out_by_its_source_and_answers_for_it) {
  service.adopt_schema("R", named_r());
  Client client(service), gone(service);
  client.ask("transact", insert_row, "7");
  gone.ask("transact", insert_row, "8");
  EXPECT_EQ(client.heard(), Texts{});
  EXPECT_EQ(source.asked.size(), 2U);
  gone.leave();
  source.answer(parse_json(R"([{"uuid":["uuid","x"]}])").value());
  EXPECT_EQ(client.heard(), Texts{R"({"error":null,"id":7,"result":[{"uuid":["uuid","x"]}]})"});
  EXPECT_TRUE(relay.rows(0).empty()) << "it comes by the monitor of the source";
  client.ask("transact", insert_row, "9");
  source.answer({}, "canceled");
  EXPECT_EQ(client.heard(), Texts{R"({"error":"canceled","id":9,"result":null})"});
}

TEST_F(ServiceRelay, refuses_by_itself_what_would_not_be_allowed_here) {
  service.adopt_schema("R", named_r());
  Client client(service);
  EXPECT_NE(client.result("transact", R"(["R",{"op":"insert","table":"none","row":{}}])").find("syntax error"),
            std::string::npos);
  service.set_read_only(true);
  EXPECT_NE(client.result("transact", insert_row).find("not allowed"), std::string::npos);
  EXPECT_EQ(client.refusal("convert", R"(["R",{"name":"R","tables":{}}])"), "not allowed");
  service.set_read_only(false);
  EXPECT_EQ(client.refusal("convert", R"(["R",{"name":"R","tables":{}}])"), "not supported");
  EXPECT_EQ(source.asked, Texts{});
}

TEST_F(ServiceRelay, keeps_changes_until_its_source_can_be_reached) {
  service.adopt_schema("R", named_r());
  source.is_reachable = false;
  Client client(service);
  client.ask("transact", insert_row, "7");
  client.ask("transact", insert_row, "8");
  EXPECT_TRUE(client.send(R"({"method":"cancel","params":[8],"id":null})"));
  EXPECT_EQ(client.heard(), Texts{R"({"error":"canceled","id":8,"result":null})"});
  source.is_reachable = true;
  service.retry_blocked();
  source.answer(json::array());
  EXPECT_EQ(client.heard(), Texts{R"({"error":null,"id":7,"result":[]})"});
}

TEST_F(ServiceRelay, forwards_no_more_of_a_client_than_the_limit_and_the_rest_later) {
  service.adopt_schema("R", named_r());
  Client client(service);
  for (std::size_t i = 0; i <= max_forwarded_transactions; ++i)
    client.ask("transact", insert_row, fmt::format("{}", i));
  EXPECT_EQ(source.asked.size(), max_forwarded_transactions);
  source.answer(json::array());
  EXPECT_GT(retries_due, 0);
  service.retry_blocked();
  EXPECT_EQ(source.asked.size(), max_forwarded_transactions + 1);
}

TEST_F(ServiceRelay, with_another_schema_begins_without_rows_and_without_monitors) {
  service.adopt_schema("R", named_r());
  const auto row = parse_json(R"([{"op":"insert","table":"A","row":{"n":4}}])").value();
  execute(relay, row.get_array());
  Client aware(service), unaware(service);
  aware.result("set_db_change_aware", "[true]");
  aware.result("monitor", R"(["R","m",{"A":{}}])");
  service.adopt_schema("R", named_r());
  EXPECT_EQ(aware.heard(), Texts{R"({"id":null,"method":"monitor_canceled","params":["m"]})"});
  EXPECT_EQ(unaware.ended(), "the source of relay R has another schema");
  EXPECT_TRUE(relay.rows(0).empty());
}

}  // namespace
}  // namespace weft::ovsdb

// What monitors tell; the forms are those that ovsdb-server 3.1 was seen to send.
#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

constexpr char row_uuid[] = "11111111-1111-4111-8111-111111111111";
constexpr char zero_uuid[] = "00000000-0000-0000-0000-000000000000";

class SessionMonitor : public SessionTest {
 protected:
  SessionMonitor() {
    transact(fmt::format(R"({{"op":"insert","table":"A","uuid":"{}","row":
        {{"name":"a","n":1,"s":["set",[1,2]],"m":["map",[["k","v"],["l","w"]]]}}}})",
                         row_uuid));
  }
  // The operations' results, without what the writer itself is told.
  std::string transact(std::string_view operations) {
    return writer.result("transact", fmt::format(R"(["T",{}])", operations));
  }
  void update(std::string_view columns) {
    transact(fmt::format(R"({{"op":"update","table":"A","where":[],"row":{}}})", columns));
  }
  // `text` with R for the row's UUID.
  static std::string with_row(std::string_view text) {
    std::string result(text);
    const auto at = result.find('R');
    return at == std::string::npos ? result : result.replace(at, 1, fmt::format("\"{}\"", row_uuid));
  }
  // The <table-updates> of the only thing that `client` has heard.
  std::string told(std::string_view method) {
    const auto heard = client.heard();
    if (heard.size() != 1) return fmt::format("{} messages", heard.size());
    const auto message = parse_json(heard[0]).value();
    EXPECT_EQ(message.at("method").as_string(), method);
    return to_text(message.at("params").as_array().back());
  }
  std::string last_transaction() const { return database.last_transaction_id().to_string(); }

  Client writer{service};
  Client client{service};
};

TEST_F(SessionMonitor, of_the_first_kind_tells_whole_rows_and_what_was_before) {
  EXPECT_EQ(client.result("monitor", R"(["T","m",{"A":[{"columns":["n","s"]}]}])"),
            with_row(R"({"A":{R:{"new":{"n":1,"s":["set",[1,2]]}}}})"));
  update(R"({"s":["set",[2,3]]})");
  EXPECT_EQ(told("update"), with_row(R"({"A":{R:{"new":{"n":1,"s":["set",[2,3]]},"old":{"s":["set",[1,2]]}}}})"));
  transact(R"({"op":"delete","table":"A","where":[]})");
  EXPECT_EQ(told("update"), with_row(R"({"A":{R:{"old":{"n":1,"s":["set",[2,3]]}}}})"));
}

TEST_F(SessionMonitor, of_the_second_kind_tells_differences_and_leaves_out_defaults) {
  EXPECT_EQ(client.result("monitor_cond", R"(["T","m",{"A":[{"columns":["n","s","m","o"]}]}])"),
            with_row(R"({"A":{R:{"initial":{"m":["map",[["k","v"],["l","w"]]],"n":1,"s":["set",[1,2]]}}}})"));
  update(R"({"s":["set",[2,3]],"m":["map",[["k","v2"],["z","y"]]],"o":5})");
  EXPECT_EQ(told("update2"),
            with_row(R"({"A":{R:{"modify":{"m":["map",[["k","v2"],["l","w"],["z","y"]]],"o":5,"s":["set",[1,3]]}}}})"));
  update(R"({"s":2,"o":["set",[]]})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"modify":{"o":["set",[]],"s":3}}}})"));
  transact(R"({"op":"delete","table":"A","where":[]})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"delete":null}}})"));
}

TEST_F(SessionMonitor, is_told_before_the_reply_to_its_own_transaction) {
  writer.result("monitor", R"(["T","m",{"A":[{"columns":["n"]}]}])");
  writer.ask("transact", R"(["T",{"op":"update","table":"A","where":[],"row":{"n":2}}])");
  const auto heard = writer.heard();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_NE(heard[0].find(R"("method":"update")"), std::string::npos);
  EXPECT_NE(heard[1].find(R"("result":[{"count":1}])"), std::string::npos);
}

TEST_F(SessionMonitor, hears_nothing_of_other_columns_and_tables) {
  client.result("monitor", R"(["T","m",{"A":[{"columns":["n"]}]}])");
  client.result("monitor_cond", R"(["T","c",{"A":[{"columns":["n"]}]}])");
  update(R"({"name":"b"})");
  transact(R"({"op":"insert","table":"B","row":{}})");
  EXPECT_EQ(client.heard(), Texts{});
}

TEST_F(SessionMonitor, without_columns_shows_all_and_the_version) {
  const auto rows = client.result("monitor", R"(["T","m",{"A":[{}]}])");
  for (const auto* column : {"_version", "name", "n", "s", "m", "o"})
    EXPECT_NE(rows.find(fmt::format("\"{}\":", column)), std::string::npos) << rows;
  EXPECT_EQ(rows.find("\"_uuid\":"), std::string::npos) << rows;
}

TEST_F(SessionMonitor, selects_events_by_request_where_a_table_has_several) {
  EXPECT_EQ(client.result("monitor", R"(["T","m",{"A":[{"columns":["n"]},{"columns":["o"],"select":
                          {"initial":false,"modify":false,"delete":false}}]}])"),
            with_row(R"({"A":{R:{"new":{"n":1}}}})"));
  update(R"({"o":7})");
  EXPECT_EQ(client.heard(), Texts{}) << "changes of o are not asked for";
  update(R"({"n":2})");
  EXPECT_EQ(told("update"), with_row(R"({"A":{R:{"new":{"n":2},"old":{"n":1}}}})"));
  transact(R"({"op":"delete","table":"A","where":[]})");
  EXPECT_EQ(told("update"), with_row(R"({"A":{R:{"old":{"n":2}}}})"));
  transact(fmt::format(R"({{"op":"insert","table":"A","uuid":"{}","row":{{}}}})", row_uuid));
  EXPECT_EQ(told("update"), with_row(R"({"A":{R:{"new":{"n":0,"o":["set",[]]}}}})"));
}

TEST_F(SessionMonitor, shows_rows_that_come_into_sight_and_leave_it) {
  EXPECT_EQ(client.result("monitor_cond", R"(["T","c",{"A":[{"columns":["s"],"where":[["n","==",1],["n","==",2]]}]}])"),
            with_row(R"({"A":{R:{"initial":{"s":["set",[1,2]]}}}})"));
  update(R"({"n":2})");
  EXPECT_EQ(client.heard(), Texts{}) << "in sight before and after, by one clause or the other";
  update(R"({"n":3})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"delete":null}}})"));
  update(R"({"n":4})");
  EXPECT_EQ(client.heard(), Texts{});
  update(R"({"n":1,"s":9})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"insert":{"s":9}}}})"));
}

TEST_F(SessionMonitor, takes_booleans_for_conditions) {
  const auto initial = [&](std::string_view where) {
    const auto result =
        client.result("monitor_cond", fmt::format(R"(["T","c",{{"A":[{{"columns":["n"],"where":{}}}]}}])", where));
    client.result("monitor_cancel", R"(["c"])");
    return result;
  };
  EXPECT_EQ(initial("[false]"), "{}");
  EXPECT_NE(initial("[]"), "{}");
  EXPECT_NE(initial("[true]"), "{}");
  EXPECT_NE(initial(R"([["n","==",77],true])"), "{}");
  EXPECT_NE(initial(R"([["n","==",1],false])"), "{}");
}

TEST_F(SessionMonitor, told_of_new_conditions_before_the_reply_under_its_new_name) {
  client.result("monitor_cond", R"(["T","c",{"A":[{"columns":["n"]}]}])");
  client.ask("monitor_cond_change", R"(["c","d",{"A":[{"where":[["n","==",7]]}]}])");
  EXPECT_EQ(client.heard(),
            (Texts{with_row(R"({"id":null,"method":"update2","params":["d",{"A":{R:{"delete":null}}}]})"),
                   R"({"error":null,"id":1,"result":{}})"}));
  client.ask("monitor_cond_change", R"(["d","d",{"A":[{"where":[]}]}])");
  EXPECT_EQ(client.heard().at(0),
            with_row(R"({"id":null,"method":"update2","params":["d",{"A":{R:{"insert":{"n":1}}}}]})"));
}

TEST_F(SessionMonitor, keeps_its_conditions_where_a_change_of_them_is_refused) {
  client.result("monitor_cond", R"(["T","c",{"A":[{"columns":["n"]}]}])");
  client.result("monitor", R"(["T","m",{"B":[{}]}])");
  for (const auto* params :
       {R"(["c","c",{"B":[{"where":[]}]}])", R"(["c","c",{"Q":[]}])", R"(["c","c",5])", R"(["x","c",{}])",
        R"(["m","m",{}])", R"(["c","m",{}])", R"(["c"])", R"(["c","c",{"A":[{"where":[["n","==","x"]]}]}])",
        R"(["c","c",{"A":[{"where":[false]}],"Q":[]}])"})
    EXPECT_EQ(client.refusal("monitor_cond_change", params), "syntax error") << params;
  update(R"({"n":2})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"modify":{"n":2}}}})"));
}

TEST_F(SessionMonitor, since_a_transaction_tells_only_what_was_missed) {
  const auto known = last_transaction();
  update(R"({"n":2})");
  update(R"({"n":3})");
  const auto params = fmt::format(R"(["T","c",{{"A":[{{"columns":["n","s"]}}]}},"{}"])", known);
  EXPECT_EQ(client.result("monitor_cond_since", params),
            with_row(fmt::format(R"([true,"{}",{{"A":{{R:{{"modify":{{"n":3}}}}}}}}])", last_transaction())));
  update(R"({"n":4})");
  EXPECT_EQ(client.heard(),
            Texts{with_row(fmt::format(
                R"({{"id":null,"method":"update3","params":["c","{}",{{"A":{{R:{{"modify":{{"n":4}}}}}}}}]}})",
                last_transaction()))});
}

TEST_F(SessionMonitor, since_an_unknown_transaction_tells_everything) {
  for (const auto& known : {std::string(zero_uuid), Uuid::random().to_string()}) {
    const auto params = fmt::format(R"(["T","{0}",{{"A":[{{"columns":["n"]}}]}},"{0}"])", known);
    EXPECT_EQ(client.result("monitor_cond_since", params),
              with_row(fmt::format(R"([false,"{}",{{"A":{{R:{{"initial":{{"n":1}}}}}}}}])", last_transaction())));
  }
}

TEST_F(SessionMonitor, since_the_last_transaction_tells_nothing) {
  const auto params = fmt::format(R"(["T","c",{{"A":[{{}}]}},"{}"])", last_transaction());
  EXPECT_EQ(client.result("monitor_cond_since", params), fmt::format(R"([true,"{}",{{}}])", last_transaction()));
}

TEST_F(SessionMonitor, canceled_is_silent) {
  client.result("monitor", R"(["T",{"any":"id"},{"A":[{}]}])");
  EXPECT_EQ(client.result("monitor_cancel", R"([{"any":"id"}])"), "{}");
  update(R"({"n":2})");
  EXPECT_EQ(client.heard(), Texts{});
  EXPECT_EQ(client.result("monitor_cancel", R"([{"any":"id"}])"), R"("unknown monitor")");
}

TEST_F(SessionMonitor, names_are_shared_by_all_three_kinds) {
  client.result("monitor", R"(["T","m",{}])");
  EXPECT_EQ(client.refusal("monitor", R"(["T","m",{}])"), "syntax error");
  EXPECT_EQ(client.refusal("monitor_cond", R"(["T","m",{}])"), "syntax error");
  EXPECT_EQ(client.refusal("monitor_cond_since", fmt::format(R"(["T","m",{{}},"{}"])", zero_uuid)), "syntax error");
  EXPECT_EQ(writer.result("monitor", R"(["T","m",{}])"), "{}") << "of another client they are its own";
}

TEST_F(SessionMonitor, refuses_requests_that_make_no_sense) {
  for (const auto* params :
       {R"(["T"])", R"(["T","m",5])", R"(["T","m",{"Q":[]}])", R"(["T","m",{"A":5}])", R"(["T","m",{"A":[5]}])",
        R"(["T","m",{"A":[{"columns":["zz"]}]}])", R"(["T","m",{"A":[{"columns":[5]}]}])",
        R"(["T","m",{"A":[{"columns":["n","n"]}]}])", R"(["T","m",{"A":[{"columns":["n"]},{"columns":["n"]}]}])",
        R"(["T","m",{"A":[{"foo":1}]}])", R"(["T","m",{"A":[{"select":{"initial":3}}]}])"}) {
    EXPECT_EQ(client.refusal("monitor", params), "syntax error") << params;
    EXPECT_EQ(client.refusal("monitor_cond", params), "syntax error") << params;
  }
  EXPECT_EQ(client.refusal("monitor", R"(["T","m",{"A":[{"where":[]}]}])"), "syntax error");
  EXPECT_EQ(client.refusal("monitor_cond", R"(["T","m",{"A":[{"where":[["q","==",1]]}]}])"), "unknown column");
  EXPECT_EQ(client.refusal("monitor_cond_since", R"(["T","m",{},"x"])"), "syntax error");
  EXPECT_EQ(client.refusal("monitor_cond_since", R"(["T","m",{},null])"), "syntax error");
}

TEST_F(SessionMonitor, is_one_of_a_limited_number_per_client) {
  for (std::size_t i = 0; i < max_monitors; ++i) client.result("monitor", fmt::format(R"(["T",{},{{}}])", i));
  EXPECT_EQ(client.refusal("monitor", R"(["T","one more",{}])"), "resources exhausted");
}

TEST_F(SessionMonitor, tells_a_client_that_is_behind_the_sum_of_what_it_missed) {
  client.ask("monitor_cond", R"(["T","m",{"A":[{"columns":["n"]}]}])");
  client.heard();
  client.fall_behind();
  for (int n = 2; n < 100; ++n) update(fmt::format(R"({{"n":{}}})", n));
  transact(R"({"op":"insert","table":"A","row":{"name":"passing"}})");
  transact(R"({"op":"delete","table":"A","where":[["name","==","passing"]]})");
  EXPECT_EQ(client.heard(), Texts{});
  client.catch_up();
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"modify":{"n":99}}}})"));
  update(R"({"n":100})");
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"modify":{"n":100}}}})"));
}

TEST_F(SessionMonitor, tells_what_was_missed_before_anything_else) {
  client.ask("monitor_cond", R"(["T","m",{"A":[{"columns":["n"]}]}])");
  client.heard();
  client.fall_behind();
  update(R"({"n":2})");
  client.ask("echo", "[]");
  const auto heard = client.heard();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_NE(heard[0].find("update2"), std::string::npos);
}

TEST_F(SessionMonitor, of_many_clients_that_ask_the_same_tell_the_same) {
  Client twin{service};
  Client different{service};
  for (auto* one : {&client, &twin}) one->ask("monitor_cond", R"(["T","m",{"A":[{"columns":["n"]}]}])");
  different.ask("monitor_cond", R"(["T","m",{"A":[{"columns":["n"],"where":[["n","<",2]]}]}])");
  for (auto* one : {&client, &twin, &different}) one->heard();
  update(R"({"n":2})");
  EXPECT_EQ(twin.heard(), Texts{fmt::format(R"({{"id":null,"method":"update2","params":["m",{}]}})",
                                            with_row(R"({"A":{R:{"modify":{"n":2}}}})"))});
  EXPECT_EQ(told("update2"), with_row(R"({"A":{R:{"modify":{"n":2}}}})"));
  EXPECT_EQ(different.heard(), Texts{fmt::format(R"({{"id":null,"method":"update2","params":["m",{}]}})",
                                                 with_row(R"({"A":{R:{"delete":null}}})"))});
}

}  // namespace
}  // namespace weft::ovsdb

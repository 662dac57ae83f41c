#include "ovsdb/role_rules.hpp"

#include "ovsdb/execution.hpp"

namespace weft::ovsdb {
namespace {

// A role "painter", who may change colors that he has made, and "name" and the key "note" of "extra" only.
class RoleRulesTest : public testing::Test {
 protected:
  RoleRulesTest() {
    run({}, R"([{"op":"insert","table":"RBAC_Permission","uuid-name":"p","row":{"table":"color",
          "authorization":["set",["creator","owners:chassis"]],"insert_delete":true,
          "update":["set",["name","extra:note"]]}},
        {"op":"insert","table":"RBAC_Role","row":{"name":"painter","permissions":["map",[["color",["named-uuid","p"]]]]}}])");
  }
  // The results' text.
  std::string run(const Access& access, std::string_view operations) {
    ExecutionContext context;
    context.access = access;
    const auto parsed = parse_json(operations);
    EXPECT_TRUE(parsed);
    return to_text(json::value(std::get<json::array>(execute(database_, parsed->as_array(), context))));
  }
  std::string error(std::string_view what, std::string_view table) {
    return fmt::format(
        R"([{{"details":"RBAC rules for client \"ann\" role \"painter\" prohibit {} table \"{}\".","error":"permission error"}}])",
        what, table);
  }
  static Database make() {
    return {*DatabaseSchema::from_json(*parse_json(R"({"name":"d","tables":{
      "RBAC_Role":{"columns":{"name":{"type":"string"},"permissions":{"type":{"key":"string","value":{"type":"uuid",
        "refTable":"RBAC_Permission","refType":"weak"},"min":0,"max":"unlimited"}}},"isRoot":true},
      "RBAC_Permission":{"columns":{"table":{"type":"string"},"insert_delete":{"type":"boolean"},
        "authorization":{"type":{"key":"string","min":0,"max":"unlimited"}},
        "update":{"type":{"key":"string","min":0,"max":"unlimited"}}},"isRoot":true},
      "fixed":{"columns":{"name":{"type":"string"}},"isRoot":true},
      "color":{"columns":{"creator":{"type":"string"},"name":{"type":"string"},"value":{"type":"integer"},
        "owners":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}},
        "extra":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}},"isRoot":true}}})")),
            nullptr};
  }

  Database database_ = make();
  const Access ann_{.role = "painter", .client_id = "ann"};
  const Access bob_{.role = "painter", .client_id = "bob"};
  static constexpr std::string_view insert_anns =
      R"([{"op":"insert","uuid":"11111111-1111-4111-8111-111111111111","table":"color","row":{"creator":"ann"}}])";
};

TEST_F(RoleRulesTest, rule_nobody_who_has_no_role) {
  EXPECT_EQ(run({}, R"([{"op":"update","table":"fixed","where":[],"row":{"name":"x"}}])"), R"([{"count":0}])");
}

TEST_F(RoleRulesTest, forbid_tables_that_the_role_has_no_permission_for) {
  EXPECT_EQ(run(ann_, R"([{"op":"insert","table":"fixed","row":{}}])"), error("row insertion into", "fixed"));
}

TEST_F(RoleRulesTest, forbid_everything_to_a_role_that_is_not_there) {
  EXPECT_NE(run({.role = "nobody", .client_id = "ann"}, insert_anns).find("permission error"), std::string::npos);
}

TEST_F(RoleRulesTest, let_a_client_insert_and_delete_its_own_rows_only) {
  EXPECT_EQ(run(ann_, R"([{"op":"insert","table":"color","row":{"creator":"bob"}}])"),
            error("row insertion into", "color"));
  EXPECT_EQ(run(ann_, insert_anns).find("error"), std::string::npos);
  EXPECT_NE(run(bob_, R"([{"op":"delete","table":"color","where":[]}])").find("row deletion from"), std::string::npos);
  EXPECT_EQ(run(ann_, R"([{"op":"delete","table":"color","where":[]}])"), R"([{"count":1}])");
}

TEST_F(RoleRulesTest, let_a_client_change_the_columns_that_are_named_only) {
  run(ann_, insert_anns);
  EXPECT_EQ(run(ann_, R"([{"op":"update","table":"color","where":[],"row":{"name":"x"}}])"), R"([{"count":1}])");
  EXPECT_EQ(run(ann_, R"([{"op":"update","table":"color","where":[],"row":{"value":1}}])"),
            error("modification of", "color"));
  EXPECT_EQ(run(ann_, R"([{"op":"mutate","table":"color","where":[],"mutations":[["value","+=",1]]}])"),
            error("mutate operation on", "color"));
  EXPECT_NE(run(bob_, R"([{"op":"update","table":"color","where":[],"row":{"name":"y"}}])").find("modification of"),
            std::string::npos);
}

TEST_F(RoleRulesTest, let_a_client_change_the_keys_that_are_named_only) {
  run(ann_, insert_anns);
  const auto* mutate =
      R"([{{"op":"mutate","table":"color","where":[],"mutations":[["extra","insert",["map",[["{}","x"]]]]]}}])";
  EXPECT_EQ(run(ann_, fmt::format(fmt::runtime(mutate), "note")), R"([{"count":1}])");
  EXPECT_EQ(run(ann_, fmt::format(fmt::runtime(mutate), "other")), error("mutate operation on", "color"));
}

TEST_F(RoleRulesTest, know_a_client_by_a_key_of_a_map_too) {
  EXPECT_EQ(
      run(ann_, R"([{"op":"insert","table":"color","row":{"owners":["map",[["chassis","ann"]]]}}])").find("error"),
      std::string::npos);
  EXPECT_NE(run(ann_, R"([{"op":"insert","table":"color","row":{"owners":["map",[["other","ann"]]]}}])").find("error"),
            std::string::npos);
}

TEST_F(RoleRulesTest, let_nobody_who_has_not_shown_who_he_is_pass_for_an_empty_name) {
  EXPECT_NE(run({.role = "painter"}, R"([{"op":"insert","table":"color","row":{}}])").find("permission error"),
            std::string::npos);
}

TEST_F(RoleRulesTest, let_nobody_who_has_not_shown_who_he_is_change_anything) {
  constexpr std::string_view changes[][2] = {
      {R"({"op":"insert","table":"fixed","row":{}})", "row insertion into"},
      {R"({"op":"update","table":"fixed","where":[],"row":{"name":"x"}})", "modification of"},
      {R"({"op":"mutate","table":"fixed","where":[],"mutations":[]})", "mutate operation on"},
      {R"({"op":"delete","table":"fixed","where":[]})", "row deletion from"}};
  run({}, R"([{"op":"insert","table":"RBAC_Permission","uuid-name":"p","row":{"authorization":"","insert_delete":true,
          "update":"name"}},
        {"op":"insert","table":"RBAC_Role","row":{"name":"all","permissions":["map",[["fixed",["named-uuid","p"]]]]}}])");
  for (const auto& [operation, what] : changes) {
    EXPECT_EQ(run({.role = "all", .client_id = "ann"}, fmt::format("[{}]", operation)).find("error"), std::string::npos)
        << operation;
    EXPECT_EQ(run({.role = "all"}, fmt::format("[{}]", operation)),
              fmt::format(R"([{{"details":"RBAC rules for client \"(null)\" role \"all\" prohibit {} table )"
                          R"(\"fixed\".","error":"permission error"}}])",
                          what));
  }
}

TEST_F(RoleRulesTest, refuse_a_table_without_permission_where_no_row_matches_too) {
  EXPECT_EQ(run(ann_, R"([{"op":"delete","table":"fixed","where":[]}])"), error("row deletion from", "fixed"));
  EXPECT_EQ(run(ann_, R"([{"op":"delete","table":"color","where":[]}])"), R"([{"count":0}])");
}

TEST_F(RoleRulesTest, leave_reading_free_but_not_changing_nothing_of_others_rows) {
  run(ann_, insert_anns);
  EXPECT_EQ(run(bob_, R"([{"op":"select","table":"color","where":[],"columns":["creator"]}])"),
            R"([{"rows":[{"creator":"ann"}]}])");
  constexpr std::string_view nothing = R"([{"op":"mutate","table":"color","where":[],"mutations":[]}])";
  EXPECT_EQ(run(ann_, nothing), R"([{"count":1}])");
  EXPECT_NE(run(bob_, nothing).find("mutate operation on"), std::string::npos);
}

}  // namespace
}  // namespace weft::ovsdb

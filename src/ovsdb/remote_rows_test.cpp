#include "ovsdb/remote_rows.hpp"

#include "ovsdb/execution.hpp"

namespace weft::ovsdb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RemoteRowsTest : public testing::Test {
 protected:
  RemoteRowsTest() { service_.add_database(database_); }
  void run(std::string_view operations) {
    const auto results = std::get<json::array>(execute(database_, parse_json(operations)->as_array()));
    ASSERT_EQ(to_text(json::value(results)).find("error"), std::string::npos) << to_text(json::value(results));
  }
  DatabasePlace place(const std::string& text) { return *DatabasePlace::find(service_, text); }

  Database database_{*DatabaseSchema::from_json(*parse_json(R"({"name":"d","tables":{
      "Root":{"columns":{"managers":{"type":{"key":{"type":"uuid","refTable":"Manager"},"min":0,"max":"unlimited"}},
        "targets":{"type":{"key":"string","min":0,"max":"unlimited"}},"n":{"type":"integer"},"on":{"type":"boolean"}},
        "isRoot":true},
      "Manager":{"columns":{"target":{"type":"string"},"role":{"type":"string"},"read_only":{"type":"boolean"},
        "max_backoff":{"type":{"key":"integer","min":0,"max":1}},
        "inactivity_probe":{"type":{"key":"integer","min":0,"max":1}},
        "is_connected":{"type":"boolean","ephemeral":true},
        "status":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"},"ephemeral":true}}}}})")),
                     nullptr};
  Service service_;
};

TEST_F(RemoteRowsTest, are_read_with_their_options) {
  run(R"([{"op":"insert","table":"Manager","uuid-name":"m","row":{"target":"ptcp:1","role":"r","read_only":true,
             "max_backoff":5000,"inactivity_probe":0}},
          {"op":"insert","table":"Manager","uuid-name":"empty","row":{}},
          {"op":"insert","table":"Root","row":{"managers":["set",[["named-uuid","m"],["named-uuid","empty"]]]}}])");
  const auto remotes = read_remotes(place("db:d,Root,managers"));
  ASSERT_EQ(remotes.size(), 1u) << "the one without a target is none";
  EXPECT_EQ(remotes[0].options, (RemoteOptions{.target = "ptcp:1",
                                               .read_only = true,
                                               .role = "r",
                                               .inactivity_probe = milliseconds(0),
                                               .max_backoff = milliseconds(5'000)}));
  EXPECT_TRUE(remotes[0].row);
}

TEST_F(RemoteRowsTest, take_numbers_that_no_clock_can_count_for_a_year) {
  run(R"([{"op":"insert","table":"Manager","uuid-name":"m","row":{"target":"x","max_backoff":-5,
             "inactivity_probe":9223372036854775807}},
          {"op":"insert","table":"Root","row":{"managers":["named-uuid","m"]}}])");
  const auto remotes = read_remotes(place("db:d,Root,managers"));
  EXPECT_EQ(remotes[0].options.inactivity_probe, longest_interval);
  EXPECT_EQ(remotes[0].options.max_backoff, milliseconds(0));
}

TEST_F(RemoteRowsTest, may_be_strings) {
  run(R"([{"op":"insert","table":"Root","row":{"targets":["set",["ptcp:1","punix:x"]]}}])");
  const auto remotes = read_remotes(place("db:d,Root,targets"));
  ASSERT_EQ(remotes.size(), 2u);
  EXPECT_EQ(remotes[0].options, RemoteOptions{.target = "ptcp:1"});
  EXPECT_FALSE(remotes[0].row);
  EXPECT_TRUE(read_remotes(place("db:d,Root,n")).empty()) << "numbers are no remotes";
}

TEST_F(RemoteRowsTest, are_told_how_their_remote_fares_and_only_when_it_has_changed) {
  run(R"([{"op":"insert","table":"Manager","uuid-name":"m","row":{"target":"ptcp:0"}},
          {"op":"insert","table":"Root","row":{"managers":["named-uuid","m"]}}])");
  const auto row = *read_remotes(place("db:d,Root,managers"))[0].row;
  int commits = 0;
  database_.subscribe([&](const ChangeSet&, const Uuid&) { ++commits; });
  const RemoteStatus status{.is_connected = true, .bound_port = 6640};
  ASSERT_TRUE(write_status(row, status));
  ASSERT_TRUE(write_status(row, status));
  EXPECT_EQ(commits, 1);
  const auto& table = database_.schema().tables[row.table];
  const auto written = database_.find(row.table, row.uuid);
  EXPECT_TRUE(*written->columns[*table.find("is_connected")].single<bool>());
  EXPECT_EQ(*written->columns[*table.find("status")].string_at("bound_port"), "6640");
}

TEST(RemoteStatus, is_told_in_the_words_of_the_manual) {
  RemoteStatus status{.is_connected = true,
                      .state = "ACTIVE",
                      .since_connect = seconds(4),
                      .since_disconnect = seconds(9),
                      .last_error = "Connection refused",
                      .locks_held = "a b",
                      .locks_waiting = "c",
                      .locks_lost = "d",
                      .connections = 1,
                      .bound_port = 0};
  using Map = std::map<std::string, std::string>;
  EXPECT_EQ(to_map(status), (Map{{"state", "ACTIVE"},
                                 {"sec_since_connect", "4"},
                                 {"sec_since_disconnect", "9"},
                                 {"last_error", "Connection refused"},
                                 {"locks_held", "a b"},
                                 {"locks_waiting", "c"},
                                 {"locks_lost", "d"}}));
  EXPECT_EQ(to_map({.connections = 2, .bound_port = 6640}), (Map{{"n_connections", "2"}, {"bound_port", "6640"}}));
  EXPECT_EQ(to_map({}), Map{});
}

}  // namespace
}  // namespace weft::ovsdb

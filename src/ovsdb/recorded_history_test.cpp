// What a client that comes back after a restart of the server is told.
#include "ovsdb/recorded_history.hpp"

#include "ovsdb/database_file_fixture.hpp"
#include "ovsdb/overlay.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using session_fixture::Client;

class RestartTest : public file_fixture::DatabaseFileTest {
 protected:
  RestartTest() { restart(); }

  void restart() {
    service_.reset();
    file_.reset();
    file_ = std::move(open().value());
    service_ = std::make_unique<Service>();
    service_->add_database(database());
  }
  Database& database() { return file_->database(); }
  Uuid last_id() { return database().last_transaction_id(); }
  void set_name(std::string_view name) { file_fixture::set(database(), row, fmt::format(R"({{"name": "{}"}})", name)); }
  // The answer to one who knows the state `since`.
  json::value ask_since(const Uuid& since, std::string_view columns = R"("name","level")") {
    Client client(*service_);
    return *parse_json(client.result("monitor_cond_since", fmt::format(R"(["T","m",{{"A":[{{"columns":[{}]}}]}},"{}"])",
                                                                       columns, since.to_string())));
  }

  const Uuid row = Uuid::random();
  std::unique_ptr<DatabaseFile> file_;
  std::unique_ptr<Service> service_;
};

TEST_F(RestartTest, keeps_the_name_of_the_last_state) {
  set_name("x");
  const auto id = last_id();
  EXPECT_FALSE(id.is_zero());
  restart();
  EXPECT_EQ(last_id(), id);
  EXPECT_EQ(ask_since(id), (json::value{true, id.to_string(), json::object()}));
}

TEST_F(RestartTest, tells_a_client_that_was_away_only_what_it_missed) {
  file_fixture::set(database(), Uuid::random(), R"({"name": "other"})");
  set_name("x");
  const auto seen = last_id();
  set_name("y");
  restart();
  set_name("z");
  const auto answer = ask_since(seen);
  EXPECT_EQ(answer.at(0), true);
  EXPECT_EQ(to_text(answer.at(2)), fmt::format(R"({{"A":{{"{}":{{"modify":{{"name":"z"}}}}}}}})", row.to_string()));
}

TEST_F(RestartTest, tells_everything_to_a_client_that_follows_values_which_are_in_no_file) {
  set_name("x");
  file_fixture::set(database(), row, R"({"status": "busy"})");
  set_name("y");
  const auto seen = last_id();
  restart();
  set_name("z");
  EXPECT_EQ(ask_since(seen).at(0), true);
  EXPECT_EQ(ask_since(seen, R"("name","status")").at(0), false);
  EXPECT_EQ(ask_since(seen, R"("name","_version")").at(0), false);
  EXPECT_EQ(ask_since(last_id(), R"("name","status")").at(0), true) << "since the restart all is known";
}

TEST_F(RestartTest, does_not_know_a_state_that_differs_only_in_values_which_are_in_no_file) {
  set_name("x");
  file_fixture::set(database(), row, R"({"status": "busy"})");
  const auto seen = last_id();
  EXPECT_EQ(ask_since(seen).at(0), true);
  restart();
  EXPECT_EQ(ask_since(seen).at(0), false);
}

TEST_F(RestartTest, knows_the_state_at_which_the_file_was_compacted_and_none_before) {
  set_name("x");
  const auto before = last_id();
  set_name("y");
  const auto seen = last_id();
  ASSERT_TRUE(file_->compact());
  EXPECT_EQ(last_id(), seen);
  EXPECT_EQ(ask_since(before).at(0), true) << "in memory it is known";
  restart();
  EXPECT_EQ(last_id(), seen);
  EXPECT_EQ(ask_since(seen).at(0), true);
  EXPECT_EQ(ask_since(before).at(0), false);
  set_name("z");
  const auto after = last_id();
  restart();
  EXPECT_EQ(last_id(), after);
}

TEST_F(RestartTest, knows_no_state_from_before_a_conversion) {
  set_name("x");
  const auto before = last_id();
  auto newer = database().schema();
  newer.version = "2.0.0";
  ASSERT_TRUE(database().convert(newer));
  const auto after = last_id();
  restart();
  EXPECT_EQ(ask_since(before).at(0), false);
  EXPECT_EQ(ask_since(after).at(0), true);
}

TEST_F(RestartTest, a_state_that_a_crash_took_back_is_not_known) {
  set_name("x");
  const auto kept = last_id();
  const auto size = bytes().size();
  set_name("y");
  const auto lost = last_id();
  const auto torn = bytes().substr(0, size + 20);
  service_.reset();
  file_.reset();
  write(torn);
  restart();
  EXPECT_EQ(last_id(), kept);
  set_name("z");
  EXPECT_EQ(ask_since(lost).at(0), false);
  EXPECT_EQ(ask_since(kept).at(0), true);
}

TEST_F(RestartTest, remembers_as_many_transactions_as_the_history_does) {
  set_name("first");
  std::vector<Uuid> ids;
  for (std::size_t i = 0; i <= max_history_transactions; ++i) {
    set_name(fmt::format("{}", i));
    ids.push_back(last_id());
  }
  restart();
  EXPECT_EQ(ask_since(ids[0]).at(0), true);
  set_name("one more");
  EXPECT_EQ(ask_since(ids[0]).at(0), false);
  EXPECT_EQ(ask_since(ids[1]).at(0), true);
}

TEST(RecordedHistory, of_a_row_that_one_record_names_twice_tells_its_first_state) {
  Database database(file_fixture::schema(), nullptr);
  const auto row = Uuid::random();
  const auto old_name = [&](std::string_view name) {
    const auto& table = database.schema().tables[0];
    auto columns = default_columns(table);
    columns[*table.find("name")] = Datum::scalar(std::string(name));
    return make_row(std::move(columns), nullptr);
  };
  RecordedHistory history;
  const auto start = Uuid::random();
  history.start(start);
  const auto first = old_name("a");
  history.add({{{0, row, first}, {0, row, old_name("b")}}, 2}, Uuid::random());
  const auto changes = history.finish(database).since(start);
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->tables[0].at(row).before, first);
  EXPECT_FALSE(changes->tables[0].at(row).after);
}

}  // namespace
}  // namespace weft::ovsdb

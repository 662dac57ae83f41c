// Our database file in the hands of Open vSwitch's own tools, and theirs in ours. Skipped where they are missing.
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "ovsdb/database_file_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace file_fixture;

struct Finished {
  int exit_code;
  std::string output;  // Of both streams.
};

Finished run(const std::string& command) {
  auto* pipe = ::popen(("exec 2>&1; " + command).c_str(), "r");
  std::string output;
  char buffer[4096];
  while (const auto size = ::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, size);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

class DatabaseFileInterop : public DatabaseFileTest {
 protected:
  void SetUp() override {
    if (run("command -v ovsdb-tool ovsdb-server").exit_code != 0)
      GTEST_SKIP() << "ovsdb-tool and ovsdb-server are not installed (Debian: openvswitch-common)";
  }
  std::string select_all() const {
    return run("ovsdb-tool query " + path() +
               R"( '["T",{"op":"select","table":"A","where":[],"columns":["name","numbers","words","level"]}]')")
        .output;
  }
};

TEST_F(DatabaseFileInterop, their_tool_reads_what_we_wrote) {
  const auto row = Uuid::random();
  {
    const auto file = open();
    set((*file)->database(), row, R"({"name": "a b", "numbers": ["set", [1, 2]], "words": ["map", [["k", "v"]]]})");
    set((*file)->database(), row, R"({"numbers": ["set", [2, 3]], "words": ["map", [["k", "w"]]], "level": 7})", "why");
    set((*file)->database(), Uuid::random(), R"({"name": "gone"})");
    for (const auto& [uuid, columns] : content((*file)->database()))
      if (uuid != row) erase((*file)->database(), uuid);
  }
  EXPECT_EQ(select_all(), R"([{"rows":[{"level":7,"name":"a b","numbers":["set",[2,3]],"words":["map",[["k","w"]]]}]}])"
                          "\n");
  const auto log = run("ovsdb-tool show-log -mmm " + path());
  EXPECT_EQ(log.exit_code, 0) << log.output;
  EXPECT_NE(log.output.find("\"why\""), std::string::npos) << log.output;
}

TEST_F(DatabaseFileInterop, their_tool_reads_what_we_compacted) {
  {
    const auto file = open();
    set((*file)->database(), Uuid::random(), R"({"name": "x", "level": 1})");
    ASSERT_TRUE((*file)->compact());
  }
  EXPECT_EQ(select_all(),
            "[{\"rows\":[{\"level\":1,\"name\":\"x\",\"numbers\":[\"set\",[]],\"words\":[\"map\",[]]}]}]\n");
}

TEST_F(DatabaseFileInterop, we_read_what_their_tool_wrote) {
  std::filesystem::create_directories(directory_ / "etc");
  std::ofstream(directory_ / "schema") << schema_text;
  const auto transact = [&](const std::string& operation) {
    const auto result = run("ovsdb-tool transact " + path() + " '[\"T\"," + operation + "]'");
    ASSERT_EQ(result.exit_code, 0) << result.output;
  };
  ASSERT_EQ(run("ovsdb-tool create " + path() + " " + (directory_ / "schema").native()).exit_code, 0);
  transact(R"({"op":"insert","table":"A","row":{"name":"x","numbers":["set",[1,2]],"words":["map",[["k","v"]]]}})");
  transact(R"({"op":"update","table":"A","where":[],"row":{"numbers":["set",[2,3]],"words":["map",[["l","w"]]]}})");
  transact(R"({"op":"update","table":"A","where":[],"row":{"level":4}})");
  const auto file = open();
  ASSERT_TRUE(file) << file.error().details;
  const auto rows = content((*file)->database());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.begin()->second,
            R"({"level":4,"name":"x","numbers":["set",[2,3]],"status":"","words":["map",[["l","w"]]]})");
}

TEST_F(DatabaseFileInterop, their_tool_may_not_write_while_we_hold_the_file) {
  const auto file = open();
  const auto refused = run("ovsdb-tool transact " + path() + R"( '["T",{"op":"insert","table":"A","row":{}}]')");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.output.find("lock"), std::string::npos) << refused.output;
}

TEST_F(DatabaseFileInterop, we_may_not_open_what_their_server_holds_and_name_it) {
  {
    ASSERT_TRUE(open());
  }
  const auto pid_file = (directory_ / "pid").native();
  const auto started = run(fmt::format("ovsdb-server {} --remote=punix:{}/sock --unixctl={}/ctl --pidfile={} --detach",
                                       path(), directory_.native(), directory_.native(), pid_file));
  ASSERT_EQ(started.exit_code, 0) << started.output;
  pid_t pid = 0;
  std::ifstream(pid_file) >> pid;
  const auto refused = open();
  ASSERT_GT(pid, 0);
  ::kill(pid, SIGTERM);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().details.find(fmt::format("ovsdb-server (pid {})", pid)), std::string::npos)
      << refused.error().details;
  bool opened = false;
  for (int i = 0; i < 1000 && !opened; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    opened = open().has_value();
  }
  EXPECT_TRUE(opened) << "when their server has ended";
}

}  // namespace
}  // namespace weft::ovsdb

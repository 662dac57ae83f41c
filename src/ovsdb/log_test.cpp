// The log as its users see it: what was appended is read again, whatever happens to the file in between.
#include <sys/mman.h>
#include <sys/resource.h>

#include <csignal>

#include "ovsdb/log_reader.hpp"
#include "ovsdb/log_writer.hpp"

namespace weft::ovsdb {
namespace {

UniqueFd file_of(std::string_view bytes) {
  UniqueFd fd(::memfd_create("log", MFD_CLOEXEC));
  EXPECT_EQ(::pwrite(fd.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  return fd;
}

struct Reading {
  Result<LogExtent> extent;
  std::vector<std::string> records;
};

Reading read(int fd) {
  Reading reading;
  reading.extent = read_log(fd, [&](const LogRecord& record) -> Result<> {
    reading.records.push_back(to_text(record.value));
    return {};
  });
  return reading;
}

const std::string three_records = make_record(R"({"name":"T"})") + make_record(R"({"a":1})") + make_record("[2]");

TEST(Log, reads_what_was_appended) {
  auto fd = file_of("");
  const int raw = fd.get();
  LogWriter writer(std::move(fd), 0);
  ASSERT_TRUE(writer.append(R"({"name":"T"})", false));
  ASSERT_TRUE(writer.append(R"({"a":1})", true));
  const auto [extent, records] = read(raw);
  ASSERT_TRUE(extent);
  EXPECT_EQ(records, (std::vector<std::string>{R"({"name":"T"})", R"({"a":1})"}));
  EXPECT_EQ(extent->good_end, writer.size_bytes());
  EXPECT_EQ(extent->torn_bytes, 0u);
}

TEST(Log, a_record_has_the_form_that_ovsdb_writes) {
  EXPECT_EQ(make_record("{}"), "OVSDB JSON 3 5f36b2ea290645ee34d943220a14b54ee5ea5be5\n{}\n");
}

TEST(Log, a_tail_cut_at_any_byte_leaves_the_records_before_it) {
  const auto second = make_record(R"({"name":"T"})").size();
  for (std::size_t cut = second; cut < three_records.size(); ++cut) {
    const auto fd = file_of(three_records.substr(0, cut));
    const auto [extent, records] = read(fd.get());
    ASSERT_TRUE(extent) << "cut at " << cut << ": " << extent.error().details;
    EXPECT_EQ(extent->good_end + extent->torn_bytes, cut);
    EXPECT_EQ(records.size(), extent->records);
    EXPECT_EQ(records.front(), R"({"name":"T"})");
  }
}

TEST(Log, an_append_after_a_torn_tail_replaces_it) {
  auto fd = file_of(three_records.substr(0, three_records.size() - 2));
  const int raw = fd.get();
  LogWriter writer(std::move(fd), read(raw).extent->good_end);
  ASSERT_TRUE(writer.append("[3]", false));
  EXPECT_EQ(read(raw).records, (std::vector<std::string>{R"({"name":"T"})", R"({"a":1})", "[3]"}));
}

TEST(Log, a_changed_byte_before_a_good_record_is_refused_and_named) {
  const auto begin = make_record(R"({"name":"T"})").size();
  const auto end = begin + make_record(R"({"a":1})").size();
  for (std::size_t at = begin; at < end; ++at) {
    auto bytes = three_records;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x15);
    const auto fd = file_of(bytes);
    const auto reading = read(fd.get());
    ASSERT_FALSE(reading.extent) << "byte " << at;
    EXPECT_EQ(reading.extent.error().tag, "corrupt database");
    EXPECT_NE(reading.extent.error().details.find(fmt::format("byte {}:", begin)), std::string::npos);
    EXPECT_NE(reading.extent.error().details.find(fmt::format("truncate -s {}", begin)), std::string::npos);
  }
}

TEST(Log, zeros_that_a_lost_power_left_behind_are_a_torn_tail) {
  const auto fd = file_of(three_records + std::string(200'000, '\0'));
  const auto [extent, records] = read(fd.get());
  ASSERT_TRUE(extent);
  EXPECT_EQ(extent->torn_bytes, 200'000u);
  EXPECT_EQ(records.size(), 3u);
}

TEST(Log, a_good_record_far_behind_the_damage_is_found) {
  // Also where its header lies across the border of two reads.
  for (std::size_t gap = 65'516; gap < 65'556; ++gap) {
    const auto fd = file_of(three_records + std::string(gap, 'x') + make_record("[4]"));
    EXPECT_FALSE(read(fd.get()).extent) << gap;
  }
}

TEST(Log, a_search_that_takes_too_long_ends_in_a_refusal) {
  constexpr std::size_t claimed_bytes = max_search_bytes / 4;
  std::string bytes = three_records + "damage\n";
  for (int i = 0; i < 6; ++i) bytes += fmt::format("OVSDB JSON {} {}\n", claimed_bytes, std::string(40, '0'));
  const auto fd = file_of(bytes);
  ASSERT_EQ(::ftruncate(fd.get(), static_cast<off_t>(bytes.size() + claimed_bytes)), 0);  // Sparse.
  EXPECT_EQ(read(fd.get()).extent.error().tag, "corrupt database");
}

TEST(Log, a_record_longer_than_a_read_comes_back_whole) {
  const auto text = "[\"" + std::string(300'000, 'y') + "\"]";
  const auto fd = file_of(make_record(text));
  EXPECT_EQ(read(fd.get()).records, std::vector<std::string>{text});
}

TEST(Log, an_end_that_is_no_record_is_told_of_as_open_vswitch_does) {
  const auto at = three_records.size();
  const auto wrong = make_record("{\"a\":");
  auto changed = make_record("[3]");
  changed[changed.size() - 2] = '}';
  const std::pair<std::string, std::string> ends[] = {
      {"xxx\n", fmt::format(R"(parse error at offset {} in header line "xxx")", at)},
      {wrong.substr(0, wrong.size() - 2),
       fmt::format("error reading 6 bytes starting at offset {} (End of file)", at + wrong.size() - 6)},
      {changed, "4 bytes starting at offset"},
      {wrong, "are not valid JSON"},
  };
  for (const auto& [end, told] : ends) {
    const auto fd = file_of(three_records + end);
    const auto [extent, records] = read(fd.get());
    ASSERT_TRUE(extent) << end;
    EXPECT_EQ(extent->torn_bytes, end.size());
    EXPECT_NE(extent->end_error.details.find(told), std::string::npos) << extent->end_error.details;
  }
}

TEST(Log, wrong_json_before_a_good_record_is_refused) {
  const auto fd = file_of(three_records + make_record("{\"a\":") + make_record("[4]"));
  EXPECT_EQ(read(fd.get()).extent.error().tag, "corrupt database");
}

TEST(Log, what_is_no_database_is_refused) {
  const std::string deep = make_record(std::string(max_json_depth + 1, '[') + std::string(max_json_depth + 1, ']'));
  for (const std::string& bytes : {std::string(), std::string("hello\n"), std::string(5000, '\n'), deep}) {
    const auto fd = file_of(bytes);
    EXPECT_EQ(read(fd.get()).extent.error().tag, "not a database");
  }
  const auto clustered = file_of("OVSDB CLUSTER 3 5f36b2ea290645ee34d943220a14b54ee5ea5be5\n{}\n");
  EXPECT_NE(read(clustered.get()).extent.error().details.find("clustered"), std::string::npos);
}

TEST(Log, a_record_beyond_its_limit_is_refused_and_never_written) {
  const auto fd =
      file_of(three_records + fmt::format("OVSDB JSON {} {}\n", max_record_bytes + 1, std::string(40, '0')));
  ASSERT_EQ(::ftruncate(fd.get(), max_record_bytes + 1000), 0);  // Sparse.
  EXPECT_EQ(read(fd.get()).extent.error().tag, "too large");
  LogWriter writer(file_of(""), 0);
  EXPECT_EQ(writer.append(std::string(max_record_bytes, ' '), false).error().tag, "too large");
}

TEST(Log, a_full_disk_costs_the_append_and_nothing_else) {
  char path[] = "/tmp/weft-log-test-XXXXXX";
  UniqueFd fd(::mkstemp(path));
  ::unlink(path);
  const int raw = fd.get();
  LogWriter writer(std::move(fd), 0);
  ASSERT_TRUE(writer.append(R"({"name":"T"})", false));
  const auto size_before = writer.size_bytes();
  const auto previous_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit previous{};
  ::getrlimit(RLIMIT_FSIZE, &previous);
  const rlimit full{size_before + 60, previous.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);
  const auto refused = writer.append("[\"" + std::string(100, 'z') + "\"]", true);
  ::setrlimit(RLIMIT_FSIZE, &previous);
  std::signal(SIGXFSZ, previous_handler);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().tag, "I/O error");
  EXPECT_EQ(::lseek(raw, 0, SEEK_END), static_cast<off_t>(size_before));
  ASSERT_TRUE(writer.append("[1]", true));
  EXPECT_EQ(read(raw).records, (std::vector<std::string>{R"({"name":"T"})", "[1]"}));
}

TEST(Log, the_error_of_a_visitor_ends_the_reading) {
  const auto fd = file_of(three_records);
  const auto extent = read_log(fd.get(), [](const LogRecord&) -> Result<> { return fail("no", "because"); });
  EXPECT_EQ(extent.error(), (Error{"no", "byte 0: because"}));
}

TEST(Log, what_a_visitor_rejects_at_the_end_can_count_as_torn) {
  const auto without_last = [](const std::string& bytes) {
    return read_log(
        file_of(bytes).get(),
        [](const LogRecord& record) -> Result<> {
          return to_text(record.value) == "[2]" ? fail("no", "because") : Result<>();
        },
        Rejected::is_the_end);
  };
  const auto extent = without_last(three_records);
  ASSERT_TRUE(extent);
  EXPECT_EQ(extent->records, 2u);
  EXPECT_EQ(extent->torn_bytes, make_record("[2]").size());
  EXPECT_EQ(extent->end_error, (Error{"no", "because"}));
  EXPECT_EQ(without_last(three_records + make_record("[4]")).error().tag, "corrupt database");
}

}  // namespace
}  // namespace weft::ovsdb

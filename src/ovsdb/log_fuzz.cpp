// Any bytes as a database file: refused, or read in the same way again once the torn end is cut off.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/log_reader.hpp"
#include "ovsdb/test_schema.hpp"

namespace {

using namespace weft;
using namespace weft::ovsdb;

struct Reading {
  Result<LogExtent> extent;
  std::vector<std::string> records;
};

Reading read(int fd, RecordedRows& rows) {
  Reading reading;
  reading.extent = read_log(fd, [&](const LogRecord& record) -> Result<> {
    reading.records.push_back(to_text(record.value));
    TRY(rows.apply(record.value));
    return {};
  });
  return reading;
}

// A fuzzer guesses no checksum: in every second input each line becomes a record with a right one.
std::string file_of(std::string_view input) {
  if (input.empty() || input.front() % 2 == 0) return std::string(input.substr(std::min<std::size_t>(1, input.size())));
  std::string file;
  for (input.remove_prefix(1); !input.empty();) {
    const auto end = std::min(input.find('\n'), input.size());
    file += make_record(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto schema = test_schema::schema();
  const auto file = file_of({reinterpret_cast<const char*>(data), size});
  const UniqueFd fd(::memfd_create("log", MFD_CLOEXEC));
  CHECK(::pwrite(fd.get(), file.data(), file.size(), 0) == static_cast<ssize_t>(file.size()));
  RecordedRows rows(schema);
  const auto first = read(fd.get(), rows);
  if (!first.extent) return 0;
  CHECK(first.extent->good_end + first.extent->torn_bytes == file.size());
  CHECK(::ftruncate(fd.get(), static_cast<off_t>(first.extent->good_end)) == 0);
  RecordedRows same_rows(schema);
  const auto second = read(fd.get(), same_rows);
  CHECK(second.extent && second.extent->torn_bytes == 0 && second.records == first.records);
  Database database(schema, nullptr);
  CHECK(rows.insert_into(database));  // No references, no indexes: whatever rows there are fit together.
  return 0;
}

#include "ovsdb/log_writer.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace weft::ovsdb {
namespace {

std::unexpected<Error> io_error(std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

LogWriter::LogWriter(UniqueFd fd, std::uint64_t end, std::string_view magic)
    : fd_(std::make_shared<UniqueFd>(std::move(fd))), end_(end), magic_(magic) {}

Result<std::string> LogWriter::append(std::string_view json, bool durable) {
  if (json.size() >= max_record_bytes)
    return fail("too large", fmt::format("a record of {} bytes, more than the {} that can be read again", json.size(),
                                         max_record_bytes));
  TRY(cut_off_rest());
  auto sha1 = record_sha1(json);
  const auto record = make_record(json, sha1, magic_);
  has_rest_ = true;
  const auto written = ::pwrite(fd_->get(), record.data(), record.size(), static_cast<off_t>(end_));
  Result<> outcome;
  if (written < 0)
    outcome = io_error("cannot write");
  else if (static_cast<std::size_t>(written) < record.size())
    outcome = fail("I/O error",
                   fmt::format("only {} of {} bytes could be written: is the disk full?", written, record.size()));
  else if (durable)
    outcome = sync();
  if (!outcome) {
    // If this fails too, the next append tries again before it writes.
    if (auto cut = cut_off_rest(); !cut) outcome.error().details += "; " + cut.error().details;
    return std::unexpected(std::move(outcome).error());
  }
  end_ += record.size();
  has_rest_ = false;
  return sha1;
}

std::function<Result<>()> LogWriter::sync_task() const {
  return [fd = fd_]() -> Result<> {
    if (::fdatasync(fd->get()) < 0) return io_error("cannot bring to the disk");
    return {};
  };
}

Result<> LogWriter::sync() {
  auto synced = sync_task()();
  if (!synced) has_failed_to_sync_ = true;
  return synced;
}

Result<> LogWriter::cut_off_rest() {
  if (!has_rest_) return {};
  if (::ftruncate(fd_->get(), static_cast<off_t>(end_)) < 0) return io_error("cannot cut off what was half written");
  has_rest_ = false;
  return {};
}

}  // namespace weft::ovsdb

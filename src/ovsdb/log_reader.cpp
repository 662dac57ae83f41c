#include "ovsdb/log_reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/json_reader.hpp"
#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::size_t chunk_bytes = 64 << 10;

// What is wrong with the record, told as Open vSwitch tells it: people and scripts look for its words.
struct Damage {
  Error error;
  std::uint64_t end;  // Behind it good records may follow.
};

class Reader {
 public:
  Reader(int fd, std::uint64_t size, std::string_view magic)
      : fd_(fd), size_(size), magic_(magic), buffer_(chunk_bytes) {}

  std::uint64_t size() const { return size_; }
  std::string_view magic() const { return magic_; }

  // At most a chunk; fewer bytes only at the end of the file.
  Result<std::string_view> read_at(std::uint64_t offset, std::size_t length) {
    length = static_cast<std::size_t>(std::min<std::uint64_t>({length, buffer_.size(), size_ - offset}));
    std::size_t have = 0;
    while (have < length) {
      const auto got = ::pread(fd_, buffer_.data() + have, length - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0)
        return fail("I/O error", fmt::format("byte {}: {}", offset, got < 0 ? std::strerror(errno) : "file shrinks"));
      have += static_cast<std::size_t>(got);
    }
    return std::string_view(buffer_.data(), length);
  }

 private:
  int fd_;
  std::uint64_t size_;
  std::string_view magic_;  // Of the records that are read.
  std::vector<char> buffer_;
};

struct Header {
  std::optional<RecordHeader> parsed;
  std::uint64_t body_offset = 0;
  std::string line;
};

Result<Header> read_header(Reader& reader, std::uint64_t offset) {
  const auto text = TRY(reader.read_at(offset, max_record_header_bytes));
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return Header{std::nullopt, 0, std::string(text)};
  return Header{RecordHeader::parse(text.substr(0, line_end)), offset + line_end + 1,
                std::string(text.substr(0, line_end))};
}

// Feeds the body to `take` chunk by chunk; returns its hash.
Result<std::string> read_body(Reader& reader, const Header& header, const std::function<void(std::string_view)>& take) {
  Sha1 sha1;
  auto offset = header.body_offset;
  for (std::size_t left = header.parsed->length; left > 0;) {
    const auto chunk = TRY(reader.read_at(offset, left));
    sha1.update(chunk);
    take(chunk);
    offset += chunk.size();
    left -= chunk.size();
  }
  return sha1.finish_hex();
}

bool is_whole(const Reader& reader, const Header& header) {
  return header.parsed && header.parsed->length <= reader.size() - header.body_offset;
}

struct Record {
  LogRecord content;
  std::uint64_t end = 0;
};

std::string body_at(const Header& header) {
  return fmt::format("{} bytes starting at offset {}", header.parsed->length, header.body_offset);
}

Result<std::variant<Record, Damage>> read_record(Reader& reader, std::uint64_t offset) {
  const auto header = TRY(read_header(reader, offset));
  const auto damage = [&](const char* tag, std::string details) {
    return Damage{{tag, std::move(details)}, offset + 1};
  };
  const bool is_foreign = header.parsed && header.parsed->magic != reader.magic();
  if (!header.parsed || (is_foreign && reader.magic() == cluster_magic))
    return damage(syntax_error,
                  fmt::format("parse error at offset {} in header line {}", offset, to_text(json::value(header.line))));
  if (is_foreign)
    return fail("not a database", fmt::format("byte {}: a clustered database, and only standalone ones are served "
                                              "(ovsdb-tool cluster-to-standalone makes one of it)",
                                              offset));
  if (!is_whole(reader, header))
    return damage(io_error, fmt::format("error reading {} (End of file)", body_at(header)));
  if (header.parsed->length > max_record_bytes)
    return fail("too large", fmt::format("byte {}: a record of {} bytes, more than the {} that are read", offset,
                                         header.parsed->length, max_record_bytes));
  JsonReader parser;
  parser.start(json::make_shared_resource<json::monotonic_resource>());  // Faster: it goes as a whole.
  json::error_code error;
  auto sha1 = TRY(read_body(reader, header, [&](std::string_view chunk) {
    if (!error && parser.read(chunk, error) < chunk.size() && !error) error = json::error::extra_data;
  }));
  if (sha1 != header.parsed->sha1)
    return damage(syntax_error, fmt::format("{} have SHA-1 hash {} but should have hash {}", body_at(header), sha1,
                                            header.parsed->sha1));
  const auto end = header.body_offset + header.parsed->length;
  if (!error) parser.finish(error);
  if (error)
    return Damage{{syntax_error, fmt::format("{} are not valid JSON ({})", body_at(header), error.message())}, end};
  return Record{{parser.take(), std::move(sha1)}, end};
}

// Is there a good record anywhere from `offset` on? Then what lies before it is no torn end.
Result<bool> has_record_after(Reader& reader, std::uint64_t offset) {
  std::uint64_t hashed = 0;
  const auto record_start = fmt::format("OVSDB {} ", reader.magic());
  while (offset < reader.size()) {
    const auto window = TRY(reader.read_at(offset, chunk_bytes));
    const auto found = window.find(record_start);
    if (found == std::string_view::npos) {
      // A start may lie across the border of two windows.
      if (window.size() < chunk_bytes) return false;
      offset += window.size() - record_start.size() + 1;
      continue;
    }
    offset += found;
    const auto header = TRY(read_header(reader, offset));
    if (is_whole(reader, header)) {
      hashed += header.parsed->length;
      if (hashed > max_search_bytes) return true;  // Better refused than cut off.
      if (TRY(read_body(reader, header, [](std::string_view) {})) == header.parsed->sha1) return true;
    }
    offset += record_start.size();
  }
  return false;
}

Result<Reader> reader_of(int fd, std::string_view magic = standalone_magic) {
  struct stat status{};
  if (::fstat(fd, &status) < 0) return fail("I/O error", std::strerror(errno));
  if (S_ISDIR(status.st_mode)) return fail("I/O error", fmt::format("read error ({})", std::strerror(EISDIR)));
  if (!S_ISREG(status.st_mode)) return fail("not a database", "not a regular file");
  if (status.st_size == 0)
    return fail("not a database", "cannot identify file type: the file is empty; remove it to have a new one made");
  return Reader(fd, static_cast<std::uint64_t>(status.st_size), magic);
}

std::unexpected<Error> no_first_record(std::string_view reason) {
  return fail("not a database", fmt::format("unexpected file format: byte 0: {}; the file was left as it is", reason));
}

}  // namespace

Result<RecordHeader> read_first_header(int fd) {
  auto reader = TRY(reader_of(fd));
  auto header = TRY(read_header(reader, 0));
  if (!header.parsed) return no_first_record("no record header");
  return std::move(*header.parsed);
}

Result<json::value> read_first_record(int fd, std::string_view magic) {
  auto reader = TRY(reader_of(fd, magic));
  auto record = TRY(read_record(reader, 0));
  if (const auto* damage = std::get_if<Damage>(&record)) return no_first_record(damage->error.details);
  return std::move(std::get<Record>(record).content.value);
}

Result<> refuse_torn(const LogExtent& extent, const std::string& path) {
  if (extent.torn_bytes == 0) return {};
  return fail("torn",
              fmt::format("{}: byte {}: the last {} bytes are an interrupted write. A server that opens the file "
                          "drops them, and so does: truncate -s {}",
                          path, extent.good_end, extent.torn_bytes, extent.good_end));
}

Result<LogExtent> read_log(int fd, const std::function<Result<>(LogRecord record)>& visit, Rejected rejected,
                           std::string_view magic) {
  auto reader = TRY(reader_of(fd, magic));
  LogExtent extent;
  while (extent.good_end < reader.size()) {
    auto record = TRY(read_record(reader, extent.good_end));
    if (auto* good = std::get_if<Record>(&record)) {
      const auto end = good->end;
      if (auto visited = visit(std::move(good->content)); visited) {
        extent.good_end = end;
        ++extent.records;
        continue;
      } else if (extent.records == 0 || rejected == Rejected::is_an_error) {
        return fail(visited.error().tag, fmt::format("byte {}: {}", extent.good_end, visited.error().details));
      } else {
        record = Damage{std::move(visited).error(), end};
      }
    }
    auto& damage = std::get<Damage>(record);
    if (extent.records == 0) return no_first_record(damage.error.details);
    if (TRY(has_record_after(reader, damage.end)))
      return fail("corrupt database",
                  fmt::format("byte {}: {}, and that is not the end of an interrupted write; the file was left as it "
                              "is. Restore a backup, or give up what follows with: truncate -s {}",
                              extent.good_end, damage.error.details, extent.good_end));
    extent.torn_bytes = reader.size() - extent.good_end;
    extent.end_error = std::move(damage.error);
    break;
  }
  return extent;
}

}  // namespace weft::ovsdb

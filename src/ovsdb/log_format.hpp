// The log format of OVSDB (ovsdb(5)): a text file of records, each "OVSDB JSON <length> <sha1>\n" and then <length>
// bytes: a JSON value and a line feed. The hash is over those bytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weft::ovsdb {

// A record holds a transaction; the first one after a compaction holds the whole database.
inline constexpr std::size_t max_record_bytes = 256 << 20;
inline constexpr std::size_t max_record_header_bytes = 100;

class Sha1 {
 public:
  using Digest = std::array<unsigned char, 20>;
  Sha1();
  ~Sha1();
  Sha1(const Sha1&) = delete;
  Sha1& operator=(const Sha1&) = delete;
  void update(std::string_view bytes);
  std::string finish_hex();  // 40 digits, lower case.

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The format that we serve, and that of clusters.
inline constexpr std::string_view standalone_magic = "JSON";
inline constexpr std::string_view cluster_magic = "CLUSTER";

struct RecordHeader {
  std::string magic;  // One of the two.
  std::size_t length = 0;
  std::string sha1;

  // `line` without its line feed.
  static std::optional<RecordHeader> parse(std::string_view line);
};

// Of the record of this JSON, one line.
std::string record_sha1(std::string_view json);
// The whole record, header and line feeds included. `json` is one line, `sha1` its record_sha1().
std::string make_record(std::string_view json, std::string_view sha1, std::string_view magic = standalone_magic);
inline std::string make_record(std::string_view json) { return make_record(json, record_sha1(json)); }

}  // namespace weft::ovsdb

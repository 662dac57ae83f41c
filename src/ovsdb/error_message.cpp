#include "ovsdb/error_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace weft::ovsdb {
namespace {

// Errors that have a name of their own with us, and none in Open vSwitch.
constexpr std::string_view our_kinds[] = {"not a database", "corrupt database", "torn", "too large"};
constexpr std::string_view io_kinds[] = {"I/O error", "locked", "already exists"};

bool is_among(std::span<const std::string_view> kinds, std::string_view kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace

std::string message_of(const Error& error) {
  std::string_view kind = error.tag;
  if (is_among(our_kinds, kind)) kind = "ovsdb error";
  if (is_among(io_kinds, kind)) kind = "I/O error";
  return fmt::format("{}: {}", kind, error.details);
}

std::string file_message_of(const Error& error) {
  return is_among(our_kinds, error.tag) || is_among(io_kinds, error.tag) ? message_of(error) : error.details;
}

}  // namespace weft::ovsdb

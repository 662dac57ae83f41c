#include "ovsdb/transaction_id.hpp"

#include "base/check.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::string_view introduction = " (last transaction ";
constexpr std::size_t uuid_length = 36;

}  // namespace

Uuid transaction_id_after(const Uuid& before, std::string_view record_sha1) {
  Sha1 sha1;
  sha1.update(before.to_string());
  sha1.update(record_sha1);
  const auto hex = sha1.finish_hex();
  const std::string_view digits = hex;
  const auto id = Uuid::parse(fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                                          digits.substr(12, 4), digits.substr(16, 4), digits.substr(20, 12)));
  CHECK(id);
  return *id;
}

std::string comment_with_id(std::string_view comment, const Uuid& id) {
  return fmt::format("{}{}{})", comment, introduction, id.to_string());
}

std::optional<Uuid> id_in_comment(const json::value& record) {
  const auto* members = record.if_object();
  const auto* member = members ? members->if_contains("_comment") : nullptr;
  if (!member || !member->is_string()) return std::nullopt;
  const std::string_view comment = member->get_string();
  const auto length = introduction.size() + uuid_length + 1;
  if (comment.size() < length) return std::nullopt;
  const auto end = comment.substr(comment.size() - length);
  if (!end.starts_with(introduction) || !end.ends_with(')')) return std::nullopt;
  return Uuid::parse(end.substr(introduction.size(), uuid_length));
}

}  // namespace weft::ovsdb

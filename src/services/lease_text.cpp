#include "services/lease_text.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace weft::services {
namespace {

constexpr std::size_t longest_name = 255;  // Of a bridge or port.

std::string to_line(const Lease& lease) {
  return weft::to_text(json::object{{"bridge", lease.network.bridge},
                                    {"vlan", lease.network.vlan},
                                    {"mac", lease.mac.to_string()},
                                    {"address", lease.address.to_string()},
                                    {"device", lease.device},
                                    {"hostname", lease.hostname},
                                    {"expires", lease.expires_s}});
}

Result<std::string> text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr || text->size() > longest_name) {
    return fail("bad lease", fmt::format("\"{}\" is not there, or not a text", key));
  }
  return std::string(*text);
}

Result<std::int64_t> number_at(const json::object& object, std::string_view key, std::int64_t greatest) {
  const auto* value = object.if_contains(key);
  const auto* number = value == nullptr ? nullptr : value->if_int64();
  if (number == nullptr || *number < 0 || *number > greatest) {
    return fail("bad lease", fmt::format("\"{}\" is not there, or not a number from 0 to {}", key, greatest));
  }
  return *number;
}

Result<Lease> read_line(std::string_view line) {
  constexpr std::int64_t greatest_vlan = 4094;
  constexpr std::int64_t greatest_time_s = std::int64_t{1} << 40;
  const auto value = TRY(parse_json(line));
  const auto* object = value.if_object();
  if (object == nullptr) return fail("bad lease", "not a JSON object");
  Lease lease;
  lease.network.bridge = TRY(text_at(*object, "bridge"));
  lease.network.vlan = static_cast<std::uint16_t>(TRY(number_at(*object, "vlan", greatest_vlan)));
  lease.device = TRY(text_at(*object, "device"));
  lease.hostname = TRY(text_at(*object, "hostname"));
  lease.expires_s = TRY(number_at(*object, "expires", greatest_time_s));
  const auto mac = MacAddress::parse(TRY(text_at(*object, "mac")));
  const auto address = IpAddress::parse(TRY(text_at(*object, "address")));
  if (!mac || !address) return fail("bad lease", "\"mac\" or \"address\" is no address");
  lease.mac = *mac;
  lease.address = *address;
  return lease;
}

}  // namespace

std::string to_text(const std::vector<const Lease*>& leases) {
  std::string text;
  for (const auto* lease : leases) text += to_line(*lease) + "\n";
  return text;
}

ReadLeases read_leases(std::string_view text) {
  ReadLeases read;
  const auto complain = [&](std::size_t number, std::string_view why) {
    if (read.bad_lines++ == 0) read.first_reason = fmt::format("line {}: {}", number, why);
  };
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto lease = read_line(line);
    if (!lease) {
      complain(number, lease.error().details);
    } else if (!read.leases.restore(*lease)) {
      complain(number, "it contradicts another lease, or is one too many");
    }
  }
  return read;
}

}  // namespace weft::services

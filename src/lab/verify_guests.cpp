#include "lab/verify_guests.hpp"

#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <sstream>

namespace weft::lab {
namespace {

using prober::Outcome;
using prober::Probe;

constexpr std::array pings{Probe::small4, Probe::small6, Probe::full4, Probe::full6};
constexpr std::uint32_t small_bytes = 56;
constexpr std::uint32_t icmp_bytes = 8;

std::uint32_t data_bytes(const topology::Network& network, Probe probe) {
  if (probe == Probe::small4 || probe == Probe::small6) return small_bytes;
  return network.mtu_bytes - icmp_bytes - (prober::is_ipv6(probe) ? 40 : 20);
}

std::optional<IpAddress> target_of(const Roll& roll, std::uint32_t guest, std::uint32_t other, Probe probe) {
  const auto& from = roll.endpoints[guest];
  const auto& to = roll.endpoints[other];
  if (other == guest || from.network != to.network) return std::nullopt;
  const bool has_both = prober::is_ipv6(probe) ? from.address6 && to.address6 : from.address4 && to.address4;
  if (!has_both) return std::nullopt;
  return prober::is_ipv6(probe) ? to.address6 : to.address4;
}

std::string line_of(Probe probe, std::uint32_t other, std::string_view outcome) {
  return fmt::format("{} {} {}", name_of(probe), other, outcome);
}

constexpr std::string_view look =
    "for path in /sys/class/net/*; do [ ${path##*/} = lo ] || echo device ${path##*/} $(cat $path/address $path/mtu "
    "$path/flags); done\n"
    "ip -o address show | while read -r number device family address rest; do echo has $device $address; done\n";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

// "device eth0 52:54:00:00:00:01 1450 0x1003"
std::optional<prober::Found> read_device(const std::vector<std::string>& words) {
  if (words.size() != 5 || words[0] != "device") return std::nullopt;
  const auto mac = MacAddress::parse(words[2]);
  std::uint32_t mtu_bytes = 0, flags = 0;
  std::from_chars(words[3].data(), words[3].data() + words[3].size(), mtu_bytes);
  if (words[4].starts_with("0x")) std::from_chars(words[4].data() + 2, words[4].data() + words[4].size(), flags, 16);
  if (!mac || mtu_bytes == 0) return std::nullopt;
  return prober::Found{.device = words[1], .mac = *mac, .mtu_bytes = mtu_bytes, .is_up = (flags & IFF_UP) != 0};
}

}  // namespace

std::optional<prober::Found> guest_found(const Roll& roll, std::uint32_t guest, std::string_view output) {
  std::vector<prober::Found> devices;
  std::istringstream lines{std::string(output)};
  for (std::string line; std::getline(lines, line);) {
    const auto words = words_of(line);
    if (auto device = read_device(words)) devices.push_back(*std::move(device));
    const auto address = words.size() == 3 && words[0] == "has" ? InterfaceAddress::parse(words[2]) : std::nullopt;
    const auto owner = std::ranges::find(devices, words.size() > 1 ? words[1] : "", &prober::Found::device);
    if (address && owner != devices.end()) owner->addresses.push_back(*address);
  }
  auto found = std::ranges::find(devices, roll.endpoints[guest].mac, &prober::Found::mac);
  if (found == devices.end() && devices.size() == 1) found = devices.begin();
  if (found == devices.end()) return std::nullopt;
  found->endpoint = guest;
  return *found;
}

std::string guest_questions(const Roll& roll, std::uint32_t guest) {
  // Twice, as a first packet may be lost while neighbours are found; that is told.
  auto script =
      std::string(look) +
      "ask() { if ping -c 1 -W 1 -s $3 $4; then r=yes; elif ping -c 1 -W 2 -s $3 $4; then r=late; else r=no; fi "
      ">/dev/null 2>&1; echo \"$1 $2 $r\"; }\n";
  for (const auto probe : pings) {
    for (std::uint32_t other = 0; other < roll.endpoints.size(); ++other) {
      const auto address = target_of(roll, guest, other, probe);
      if (!address) continue;
      script += fmt::format("ask {} {} {} {} &\n", name_of(probe), other, data_bytes(roll.network(guest), probe),
                            address->to_string());
    }
  }
  return script + "wait\n";
}

std::vector<prober::Row> guest_rows(const Roll& roll, std::uint32_t guest, std::string_view output) {
  std::vector<prober::Row> rows;
  // A line for itself: the console may say other things between.
  const auto text = fmt::format("\n{}\n", output);
  const auto says = [&](const std::string& line) { return text.contains(fmt::format("\n{}\n", line)); };
  for (const auto probe : pings) {
    prober::Row row{probe, guest, std::string(roll.endpoints.size(), static_cast<char>(Outcome::not_asked))};
    bool is_asked = false;
    for (std::uint32_t other = 0; other < roll.endpoints.size(); ++other) {
      if (!target_of(roll, guest, other, probe)) continue;
      const auto outcome = says(line_of(probe, other, "yes"))    ? Outcome::answered
                           : says(line_of(probe, other, "late")) ? Outcome::answered_late
                           : says(line_of(probe, other, "no"))   ? Outcome::silence
                                                                 : Outcome::not_asked;
      row.outcomes[other] = static_cast<char>(outcome);
      is_asked |= outcome != Outcome::not_asked;
    }
    if (is_asked) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace weft::lab

#include "services/lease_status.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <tuple>

namespace weft::services {
namespace {

std::string time_text(std::int64_t time_s) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time_s)); }

}  // namespace

std::map<std::string, std::string> lease_status(const std::vector<const Lease*>& leases) {
  std::map<std::string, std::string> status;
  std::map<std::string, std::size_t> shown;
  std::int64_t first_end_s = 0;
  for (const auto* lease : leases) {
    const auto* key = lease->address.is_v4() ? "ip_address" : "ip6_address";
    if (++shown[key] > most_shown) continue;
    auto& text = status[key];
    text += (text.empty() ? "" : ", ") + lease->address.to_string();
    if (!lease->hostname.empty()) status.try_emplace("hostname", lease->hostname);
    first_end_s = first_end_s == 0 ? lease->expires_s : std::min(first_end_s, lease->expires_s);
  }
  if (first_end_s != 0) status["lease_expires"] = time_text(first_end_s);
  return status;
}

std::string lease_table(std::vector<const Lease*> leases, const std::string& bridge) {
  std::erase_if(leases, [&](const auto* lease) { return !bridge.empty() && lease->network.bridge != bridge; });
  std::ranges::sort(leases, {}, [](const auto* lease) { return std::tie(lease->network, lease->address); });
  auto text = fmt::format("{:<15}  {:>4}  {:<39}  {:<17}  {:<15}  {:<20}  {}\n", "bridge", "VLAN", "address", "MAC",
                          "port", "expires", "hostname");
  for (const auto* lease : leases) {
    auto line = fmt::format("{:<15}  {:>4}  {:<39}  {:<17}  {:<15}  {:<20}  {}", lease->network.bridge,
                            lease->network.vlan, lease->address.to_string(), lease->mac.to_string(),
                            lease->device.empty() ? "-" : lease->device, time_text(lease->expires_s), lease->hostname);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace weft::services

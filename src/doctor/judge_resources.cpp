// Files, limits, disks, the clock.
#include <fmt/format.h>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
constexpr std::uint64_t least_free_bytes = 16 * mib;     // A database, its log, a few labs' journals.
constexpr std::uint64_t wanted_free_bytes = 256 * mib;   // Images and pcap files go there, too.
constexpr std::uint64_t wanted_open_files = 1024;        // Clients of the database: one each.
constexpr std::int64_t earliest_time_s = 1'735'689'600;  // 2025: before this program was written.

Finding judge_disk(const DiskFacts& disk) {
  const auto check = "disk";
  if (!disk.is_writable) {
    return {Severity::problem, "resources", check,
            fmt::format("{}, for {}, cannot be written to", disk.directory, disk.purpose),
            fmt::format("mount -o remount,rw $(findmnt -n -o TARGET -T {})   # or look at its owner and mode",
                        disk.directory)};
  }
  auto detail = fmt::format("{}, for {}: {} MiB free", disk.directory, disk.purpose, disk.free_bytes / mib);
  if (disk.free_bytes >= wanted_free_bytes) return {Severity::ok, "resources", check, std::move(detail), ""};
  return {disk.free_bytes < least_free_bytes ? Severity::problem : Severity::warning, "resources", check,
          std::move(detail), fmt::format("du -xh {} | sort -h | tail   # shows what takes the room", disk.directory)};
}

}  // namespace

Findings judge_resources(const ResourceFacts& facts) {
  Findings findings;
  for (const auto& disk : facts.disks) findings.push_back(judge_disk(disk));
  if (facts.open_files_max < wanted_open_files) {
    findings.push_back({Severity::warning, "resources", "open-files",
                        fmt::format("{} at most: fewer than many clients and containers want", facts.open_files_max),
                        "ulimit -n 4096"});
  } else {
    findings.push_back({Severity::ok, "resources", "open-files", fmt::format("{} at most", facts.open_files_max), ""});
  }
  if (facts.time_s < earliest_time_s) {
    findings.push_back({Severity::warning, "resources", "clock",
                        "years behind: certificates are not yet valid, and leases and journals have wrong times",
                        "timedatectl set-ntp true   # or: date --set=..."});
  } else {
    findings.push_back({Severity::ok, "resources", "clock",
                        facts.is_clock_synchronized ? "synchronized" : "runs by itself, not synchronized", ""});
  }
  return findings;
}

}  // namespace weft::doctor

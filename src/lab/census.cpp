#include "lab/census.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/bpf.h>
#include <sys/syscall.h>

#include <array>
#include <charconv>
#include <sstream>
#include <thread>

#include "base/unique_fd.hpp"
#include "hosts/simulated_host.hpp"

namespace weft::lab {
namespace {

constexpr std::string_view programs = "BPF programs";
constexpr std::string_view maps = "BPF maps";
constexpr std::array<std::string_view, 8> kinds = {"devices", "namespaces", "filters", "processes",
                                                   programs,  maps,         "domains", "networks"};

// Shell's own words where it can be: there may be hundreds of devices.
constexpr std::string_view network_script = R"(for path in /sys/class/net/*; do
  [ ! -e "$path/ifindex" ] || echo "devices ${path##*/}"
done
for path in /run/netns/*; do
  [ ! -e "$path" ] || echo "namespaces ${path##*/}"
done
for path in /sys/class/net/*; do
  [ ! -e "$path/ifindex" ] || echo "filter show dev ${path##*/} ingress"
done | tc -force -batch - 2>/dev/null | awk '/ id [0-9]+ / { print "filters " ++count }'
)";

// Not those of this script's own session.
constexpr std::string_view process_script = R"sh(session_of() {
  read -r line 2>/dev/null <"/proc/$1/stat" || return 1
  set -- ${line##*) }
  echo "$4"
}
own=$(session_of $$)
for path in /proc/[0-9]*; do
  number=${path##*/}
  session=$(session_of "$number") || continue
  [ "$number" = 1 ] || [ "$session" = "$own" ] || echo "processes $(cat "$path/comm" 2>/dev/null) ($number)"
done
cat /proc/[0-9]*/fdinfo/* 2>/dev/null | awk '/^prog_id:/ { print "BPF programs " $2 } /^map_id:/ { print "BPF maps " $2 }'
)sh";

constexpr std::string_view libvirt_script = R"(if [ -S /run/libvirt/libvirt-sock ]; then
  virsh -q list --all --name | awk 'NF { print "domains " $0 }'
  virsh -q net-list --all --name | awk 'NF { print "networks " $0 }'
fi
)";

}  // namespace

std::span<const std::string_view> census_kinds() { return kinds; }

std::string census_script(bool is_simulated) {
  return fmt::format("{}{}{}", network_script, is_simulated ? process_script : "", libvirt_script);
}

Things read_census(std::string_view output) {
  Things things;
  std::istringstream lines{std::string(output)};
  for (std::string line; std::getline(lines, line);) {
    for (const auto kind : kinds) {
      if (line.starts_with(kind) && line.size() > kind.size() + 1)
        things[std::string(kind)].insert(line.substr(kind.size() + 1));
    }
  }
  return things;
}

Census left_over(const Census& before, const Census& during, const Census& after) {
  Census left;
  for (const auto& [host, things] : during) {
    const auto now = after.find(host);
    if (now == after.end()) continue;
    for (const auto& [kind, names] : things) {
      const auto still = now->second.find(kind);
      if (still == now->second.end()) continue;
      for (const auto& name : names) {
        const auto then = before.find(host);
        const bool was_there =
            then != before.end() && then->second.contains(kind) && then->second.at(kind).contains(name);
        if (!was_there && still->second.contains(name)) left[host][kind].insert(name);
      }
    }
  }
  return left;
}

std::size_t count(const Census& census, std::string_view kind) {
  std::size_t sum = 0;
  for (const auto& [host, things] : census) {
    if (const auto found = things.find(kind); found != things.end()) sum += found->second.size();
  }
  return sum;
}

std::vector<std::string> tell(const Census& census) {
  std::vector<std::string> lines;
  for (const auto& [host, things] : census) {
    for (const auto& [kind, names] : things)
      lines.push_back(fmt::format("{} on {}: {}", kind, host, fmt::join(names, ", ")));
  }
  return lines;
}

json::object to_json(const Census& census) {
  json::object hosts;
  for (const auto& [host, things] : census) {
    json::object by_kind;
    for (const auto& [kind, names] : things) by_kind[kind] = json::array(names.begin(), names.end());
    hosts[host] = std::move(by_kind);
  }
  return hosts;
}

Census census_from_json(const json::value& value) {
  Census census;
  const auto* hosts = value.if_object();
  if (hosts == nullptr) return census;
  for (const auto& [host, things] : *hosts) {
    auto& by_kind = census[host];
    if (!things.is_object()) continue;
    for (const auto& [kind, names] : things.get_object()) {
      if (!names.is_array()) continue;
      for (const auto& name : names.get_array()) {
        if (name.is_string()) by_kind[kind].emplace(name.get_string());
      }
    }
  }
  return census;
}

Census take_census(HostCarrier& carrier, std::span<const std::string> hosts) {
  Census census;
  std::vector<std::jthread> threads;
  for (const auto& host : hosts) {
    auto& things = census[host];
    const auto& place = carrier.places().at(host);
    if (place.is_simulated() && !hosts::SimulatedHost::find(place.directory)) continue;
    threads.emplace_back([&carrier, &host, &things, is_simulated = place.is_simulated()] {
      if (const auto output = carrier.ask(host, census_script(is_simulated))) things = read_census(*output);
    });
  }
  return census;
}

bool is_in_kernel(std::string_view kind, std::string_view thing) {
  if (kind != programs && kind != maps) return false;
  union bpf_attr request{};
  std::from_chars(thing.data(), thing.data() + thing.size(), request.prog_id);
  const auto command = kind == programs ? BPF_PROG_GET_FD_BY_ID : BPF_MAP_GET_FD_BY_ID;
  return bool(UniqueFd(static_cast<int>(::syscall(SYS_bpf, command, &request, sizeof request))));
}

}  // namespace weft::lab

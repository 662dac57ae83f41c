#include "lab/verify_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "cli/grid.hpp"

namespace weft::lab {
namespace {

using prober::Outcome;
using prober::Probe;
using Lines = std::vector<std::string>;
using Numbers = std::vector<std::uint32_t>;

constexpr std::size_t ways_listed_max = 6;

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

class Report {
 public:
  Report(const Verified& verified, const cli::Style& style)
      : verified_(verified), findings_(verified.findings), roll_(findings_.roll()), style_(style) {}

  Lines lines() {
    for (std::uint32_t network = 0; network < roll_.lab->networks.size(); ++network) show_network(network);
    show_isolation();
    show_late();
    for (const auto& [guest, reason] : verified_.not_asked) {
      lines_.push_back(
          fmt::format("  {} {}: asked by the others, but not from within: {}", style_.dot(), guest, reason));
    }
    for (const auto& trouble : verified_.troubles) show_trouble(trouble);
    for (const auto& leak : findings_.leaks()) show_leak(leak);
    lines_.push_back(conclusion());
    return lines_;
  }

 private:
  Numbers members_of(std::uint32_t network) const {
    Numbers members;
    for (std::uint32_t i = 0; i < roll_.endpoints.size(); ++i) {
      if (roll_.endpoints[i].network == network) members.push_back(i);
    }
    return members;
  }

  std::string heading(const topology::Network& network, const Numbers& members) const {
    std::set<std::string> hosts;
    for (const auto member : members) hosts.insert(roll_.host(member));
    auto text = fmt::format("{}: {} on {}", style_.bold(network.name), plural(members.size(), "endpoint"),
                            plural(hosts.size(), "host"));
    if (network.tunnel) text += fmt::format(", VNI {}", network.tunnel->vni);
    if (network.vlan != 0) text += fmt::format(", VLAN {}", network.vlan);
    return text;
  }

  void show_network(std::uint32_t number) {
    const auto members = members_of(number);
    const auto& network = roll_.lab->networks[number];
    if (members.empty()) return;
    lines_.push_back(heading(network, members));
    if (members.size() <= matrix_endpoints_max) {
      show_matrix(members);
    } else {
      show_hosts(members);
    }
    lines_.push_back("  " + style_.dim(asked_words(network, members)));
    lines_.emplace_back();
  }

  // What was asked, as far as anybody was.
  std::string asked_words(const topology::Network& network, const Numbers& members) const {
    std::set<Probe> asked;
    for (const auto probe : prober::probes) {
      for (const auto from : members) {
        if (asked.contains(probe)) break;
        for (const auto to : members) {
          if (findings_.outcome(probe, from, to) == Outcome::not_asked) continue;
          asked.insert(probe);
          break;
        }
      }
    }
    const auto has = [&](Probe one, Probe other) { return asked.contains(one) || asked.contains(other); };
    Lines words;
    if (has(Probe::small4, Probe::small6)) words.emplace_back("small packets");
    if (has(Probe::full4, Probe::full6)) {
      words.push_back(fmt::format("packets of {} bytes, not to be fragmented", network.mtu_bytes));
    }
    if (has(Probe::tcp4, Probe::tcp6)) words.emplace_back("TCP");
    if (asked.contains(Probe::flood)) words.emplace_back("broadcast");
    if (asked.contains(Probe::resolve4)) words.emplace_back("ARP");
    if (asked.contains(Probe::resolve6)) words.emplace_back("neighbour discovery");
    if (words.empty()) return "nothing was asked";
    const bool has_ipv4 = asked.contains(Probe::small4), has_ipv6 = asked.contains(Probe::small6);
    const auto versions = has_ipv4 && has_ipv6 ? "; IPv4 and IPv6" : has_ipv6 ? "; IPv6" : "; IPv4";
    return fmt::format("each way: {}{}", fmt::join(words, ", "), versions);
  }

  std::string cell(std::uint32_t from, std::uint32_t to) const {
    if (from == to) return style_.dim(style_.dot());
    switch (findings_.verdict(from, to)) {
      case Verdict::not_asked:
        return style_.dim("?");
      case Verdict::good:
        return style_.green(style_.tick());
      case Verdict::late:
        return style_.yellow("late");
      case Verdict::bad:
        break;
    }
    switch (failing_of(findings_, {from, to})) {
      case Failing::everything:
        return style_.red(style_.cross());
      case Failing::full_size:
        return style_.red("size");
      case Failing::tcp:
        return style_.red("tcp");
      case Failing::broadcast:
        return style_.red("bcast");
      case Failing::resolution:
        return style_.red("arp");
    }
    return "";
  }

  void show_matrix(const Numbers& members) {
    const std::string columns(members.size() + 1, 'l');
    cli::Grid grid(columns);
    Lines head{style_.dim("from \\ to")};
    for (const auto to : members) head.push_back(roll_.name(to));
    grid.add(std::move(head));
    for (const auto from : members) {
      Lines row{roll_.name(from)};
      for (const auto to : members) row.push_back(cell(from, to));
      grid.add(std::move(row));
    }
    std::ranges::move(grid.lines(), std::back_inserter(lines_));
  }

  // How many ways from the endpoints of one host to those of another are good, of how many.
  void show_hosts(const Numbers& members) {
    struct Tally {
      std::size_t good = 0, asked = 0;
    };
    std::map<std::pair<std::string, std::string>, Tally> tallies;
    std::vector<std::string> hosts;
    for (const auto from : members) {
      if (std::ranges::find(hosts, roll_.host(from)) == hosts.end()) hosts.push_back(roll_.host(from));
      for (const auto to : members) {
        const auto verdict = findings_.verdict(from, to);
        if (from == to || verdict == Verdict::not_asked) continue;
        auto& tally = tallies[{roll_.host(from), roll_.host(to)}];
        ++tally.asked;
        tally.good += verdict == Verdict::bad ? 0 : 1;
      }
    }
    const std::string columns = "l" + std::string(hosts.size(), 'r');
    cli::Grid grid(columns);
    Lines head{style_.dim("from \\ to")};
    std::ranges::copy(hosts, std::back_inserter(head));
    grid.add(std::move(head));
    for (const auto& from : hosts) {
      Lines row{from};
      for (const auto& to : hosts) {
        const auto tally = tallies[{from, to}];
        row.push_back(tally.good == tally.asked
                          ? style_.green(fmt::format("{} {}", style_.tick(), tally.asked))
                          : style_.red(fmt::format("{} {} of {}", style_.cross(), tally.good, tally.asked)));
      }
      grid.add(std::move(row));
    }
    std::ranges::move(grid.lines(), std::back_inserter(lines_));
  }

  void show_isolation() {
    const auto count = findings_.count();
    if (count.isolated == 0) return;
    lines_.push_back(fmt::format("  {} isolation: {} of different networks hear nothing of each other",
                                 style_.green(style_.tick()), plural(count.isolated, "pair")));
  }

  void show_late() {
    Lines ways;
    std::size_t count = 0;
    for (std::uint32_t from = 0; from < roll_.endpoints.size(); ++from) {
      for (std::uint32_t to = 0; to < roll_.endpoints.size(); ++to) {
        if (from == to || findings_.verdict(from, to) != Verdict::late) continue;
        if (++count <= ways_listed_max) ways.push_back(way_words({from, to}));
      }
    }
    if (count == 0) return;
    lines_.push_back(fmt::format("  {} answered only when asked again: {}{}", style_.yellow("late"),
                                 fmt::join(ways, ", "), more_words(count)));
  }

  std::string way_words(Findings::Way way) const {
    return fmt::format("{} {} {}", roll_.name(way.from), style_.arrow(), roll_.name(way.to));
  }
  static std::string more_words(std::size_t count) {
    return count > ways_listed_max ? fmt::format(" and {} more", count - ways_listed_max) : "";
  }

  void show_trouble(const Trouble& trouble) {
    const auto& reason = trouble.reason;
    lines_.push_back(
        fmt::format("{} {}{}", style_.red(style_.cross()), reason.text,
                    reason.cure.empty() ? "" : fmt::format("; on {}: {}", reason.where, style_.bold(reason.cure))));
    Lines ways;
    for (const auto way : trouble.ways | std::views::take(ways_listed_max)) ways.push_back(way_words(way));
    lines_.push_back(fmt::format("    {}{}", fmt::join(ways, ", "), more_words(trouble.ways.size())));
  }

  void show_leak(Findings::Way leak) {
    lines_.push_back(fmt::format("{} {}: frames of the network {} come into the network {}; on {}: {}",
                                 style_.red(style_.cross()), way_words(leak), roll_.network(leak.from).name,
                                 roll_.network(leak.to).name, roll_.host(leak.to), style_.bold("ovs-vsctl show")));
  }

  std::string conclusion() const {
    const auto count = findings_.count();
    const auto time = style_.dim(fmt::format("({:.1f} s)", verified_.seconds));
    const auto bad = count.bad;
    std::string text;
    if (bad > 0) {
      text = style_.red(fmt::format("{} of {} do not reach each other", bad, plural(count.pairs, "pair")));
    } else {
      const auto asked = count.pairs - count.not_asked;
      text = style_.green(fmt::format("{} reach{} each other", plural(asked, "pair"), asked == 1 ? "es" : ""));
    }
    if (count.not_asked > 0) text += fmt::format(", {} not asked", count.not_asked);
    if (count.leaking > 0) text += style_.red(fmt::format(", {} not isolated", plural(count.leaking, "pair")));
    return text + " " + time;
  }

  const Verified& verified_;
  const Findings& findings_;
  const Roll& roll_;
  const cli::Style& style_;
  Lines lines_;
};

}  // namespace

std::vector<std::string> show_verified(const Verified& verified, const cli::Style& style) {
  return Report(verified, style).lines();
}

}  // namespace weft::lab

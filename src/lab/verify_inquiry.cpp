#include "lab/verify_inquiry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>
#include <tuple>

namespace weft::lab {
namespace {

using Way = Findings::Way;

constexpr std::chrono::seconds look_within{20};
constexpr std::chrono::milliseconds travel_time{60};  // Of test frames, on a slow machine.
constexpr std::size_t frames_sent = 8;
constexpr std::uint32_t small_frame_bytes = 60;
constexpr std::uint32_t ethernet_bytes = 14;

class Inquiry {
 public:
  Inquiry(const Findings& findings, Crew& crew, const Crew::Places& places)
      : findings_(findings), roll_(findings.roll()), crew_(crew), places_(places) {}

  Result<std::vector<Trouble>> run() {
    const auto failures = findings_.failures();
    look_at_hosts_of(failures);
    std::vector<Way> unclear;
    for (const auto way : failures) {
      if (const auto reason = reason_at_sight(case_of(way))) {
        add(*reason, way);
      } else {
        unclear.push_back(way);
      }
    }
    TRY(try_out(unclear));
    std::vector<Trouble> troubles;
    for (auto& [reason, ways] : troubles_) troubles.push_back({reason, std::move(ways)});
    std::ranges::stable_sort(troubles, std::greater(), [](const Trouble& trouble) { return trouble.ways.size(); });
    return troubles;
  }

 private:
  void add(const Reason& reason, Way way) { troubles_[reason].push_back(way); }

  const topology::Host& host(std::uint32_t endpoint) const {
    return *std::ranges::find(roll_.lab->hosts, roll_.host(endpoint), &topology::Host::name);
  }

  // Those that cannot be looked at have no view.
  void look_at_hosts_of(const std::vector<Way>& ways) {
    std::set<std::uint32_t> one_of_each;
    std::set<std::string> names;
    for (const auto way : ways) {
      for (const auto end : {way.from, way.to}) {
        if (names.insert(roll_.host(end)).second) one_of_each.insert(end);
      }
    }
    for (const auto end : one_of_each) {
      if (auto view = look(end)) views_[roll_.host(end)] = std::move(*view);
    }
  }

  std::optional<HostView> look(std::uint32_t endpoint) {
    const auto& name = roll_.host(endpoint);
    auto shell = shells_.find(name);
    if (shell == shells_.end()) {
      auto place = places_.at(name);
      place.lock.clear();  // We change nothing.
      auto opened = hosts::Shell::open(place);
      if (!opened) return std::nullopt;
      shell = shells_.emplace(name, std::move(*opened)).first;
    }
    const auto seen = shell->second.run(look_script(*roll_.lab, host(endpoint)), look_within);
    if (!seen) return std::nullopt;
    return read_view(seen->out);
  }

  End end_of(std::uint32_t number) const {
    const auto view = views_.find(roll_.host(number));
    const auto& found = findings_.found(number);
    return {.number = number,
            .endpoint = &roll_.endpoints[number],
            .member = &roll_.members[number],
            .host = &host(number),
            .found = found ? &*found : nullptr,
            .view = view != views_.end() ? &view->second : nullptr};
  }

  Case case_of(Way way) const {
    return {.lab = roll_.lab,
            .network = &roll_.network(way.from),
            .findings = &findings_,
            .failing = failing_of(findings_, way),
            .fails_ipv4 = fails_by(findings_, way, false),
            .fails_ipv6 = fails_by(findings_, way, true),
            .from = end_of(way.from),
            .to = end_of(way.to)};
  }

  // One way of each kind stands for the others: between the same hosts, in the same network, failing alike.
  Result<> try_out(const std::vector<Way>& ways) {
    using Kind = std::tuple<std::string, std::string, std::uint32_t, Failing>;
    std::map<Kind, std::vector<Way>> kinds;
    for (const auto way : ways) {
      kinds[{roll_.host(way.from), roll_.host(way.to), roll_.endpoints[way.from].network, failing_of(findings_, way)}]
          .push_back(way);
    }
    TRY(watch_underlays(ways));
    std::size_t tried = 0;
    for (const auto& [kind, alike] : kinds) {
      auto reason = Reason{fmt::format("not looked into: more than {} kinds of failures", experiments_max), "", ""};
      if (tried++ < experiments_max) reason = TRY(try_out_one(alike.front()));
      for (const auto way : alike) add(reason, way);
    }
    return {};
  }

  // Where all goes well on the way there, it is the way back that loses the answers.
  Result<Reason> try_out_one(Way way) {
    auto there = case_of(way);
    const auto there_experiment = TRY(make_experiment(there));
    there.experiment = &there_experiment;
    if (auto reason = reason_by_experiment(there)) return *std::move(reason);
    if (findings_.verdict(way.to, way.from) == Verdict::bad) {
      auto back = case_of({way.to, way.from});
      const auto back_experiment = TRY(make_experiment(back));
      back.experiment = &back_experiment;
      if (auto reason = reason_by_experiment(back)) return *std::move(reason);
    }
    auto again = there;
    const auto asked = TRY(ask_again(again));
    again.experiment = &asked;
    if (auto reason = reason_by_asking_again(again)) return *std::move(reason);
    return unexplained(there);
  }

  Result<Experiment> ask_again(const Case& open) {
    Experiment made{.frames = 1};
    const auto probe = failing_probe(findings_, {open.from.number, open.to.number});
    if (!probe) return made;
    made.source_before = look(open.from.number).value_or(HostView{});
    made.target_before = look(open.to.number).value_or(HostView{});
    TRY(crew_.tell_all(prober::Ask{*probe}));
    made.source_after = look(open.from.number).value_or(HostView{});
    made.target_after = look(open.to.number).value_or(HostView{});
    return made;
  }

  Result<> watch_underlays(const std::vector<Way>& ways) {
    std::set<std::pair<std::string, std::uint16_t>> watched;
    for (const auto way : ways) {
      const auto& network = roll_.network(way.from);
      if (!network.tunnel || roll_.host(way.from) == roll_.host(way.to)) continue;
      for (const auto end : {way.from, way.to}) {
        if (!watched.emplace(roll_.host(end), network.tunnel->udp_port).second) continue;
        TRY(crew_.tell(roll_.host(end), prober::Capture{host(end).device, network.tunnel->udp_port}));
      }
    }
    return {};
  }

  Result<Experiment> make_experiment(const Case& open) {
    Experiment made{.frames = frames_sent,
                    .frame_bytes = open.failing == Failing::full_size ? open.network->mtu_bytes + ethernet_bytes
                                                                      : small_frame_bytes};
    const auto look_now = [this](const End& end) { return look(end.number).value_or(HostView{}); };
    const auto seen_before_source = TRY(captured_at(open.from));
    const auto seen_before_target = TRY(captured_at(open.to));
    made.source_before = look_now(open.from);
    made.target_before = look_now(open.to);
    // What everybody should hear also shows where an address would be flooded.
    const auto to = open.failing == Failing::broadcast ? prober::everybody : open.to.number;
    for (std::size_t i = 0; i < frames_sent; ++i) {
      TRY(crew_.tell(open.from.host->name, prober::SendFrame{open.from.number, to, made.frame_bytes}));
    }
    std::this_thread::sleep_for(travel_time);
    made.at_source = TRY(captured_at(open.from));
    made.at_target = TRY(captured_at(open.to));
    made.at_source.erase(made.at_source.begin(),
                         made.at_source.begin() + static_cast<std::ptrdiff_t>(seen_before_source.size()));
    made.at_target.erase(made.at_target.begin(),
                         made.at_target.begin() + static_cast<std::ptrdiff_t>(seen_before_target.size()));
    made.source_after = look_now(open.from);
    made.target_after = look_now(open.to);
    return made;
  }

  Result<std::vector<prober::Captured>> captured_at(const End& end) {
    std::vector<prober::Captured> captured;
    for (const auto& report : TRY(crew_.tell(end.host->name, prober::TellCaptured{}))) {
      if (const auto* packet = std::get_if<prober::Captured>(&report)) captured.push_back(*packet);
    }
    return captured;
  }

  const Findings& findings_;
  const Roll& roll_;
  Crew& crew_;
  const Crew::Places& places_;
  std::map<std::string, hosts::Shell> shells_;
  std::map<std::string, HostView> views_;
  std::map<Reason, std::vector<Way>> troubles_;
};

}  // namespace

Result<std::vector<Trouble>> inquire(const Findings& findings, Crew& crew, const Crew::Places& places) {
  if (findings.failures().empty()) return std::vector<Trouble>();
  return Inquiry(findings, crew, places).run();
}

}  // namespace weft::lab

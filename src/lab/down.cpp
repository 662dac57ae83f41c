#include "lab/down.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "cli/grid.hpp"
#include "hosts/simulated_host.hpp"
#include "lab/baseline.hpp"
#include "lab/life.hpp"
#include "lab/progress.hpp"
#include "lab/select.hpp"

namespace weft::lab {
namespace {

using Clock = std::chrono::steady_clock;

// The kernel ends namespaces and frees maps a little later.
constexpr std::chrono::seconds settle_within{10};
constexpr std::chrono::milliseconds look_again_after{20};

// Of simulated hosts these end with the host itself; they are looked for afterwards.
constexpr std::array<std::string_view, 3> ending_with_host = {"processes", "BPF programs", "BPF maps"};

bool ends_with_host(std::string_view kind) {
  return std::ranges::find(ending_with_host, kind) != ending_with_host.end();
}

// Until `look` finds nothing, but not for ever. What it found last.
template <class Look>
Result<Census> until_nothing(Look look) {
  for (const auto end = Clock::now() + settle_within;;) {
    auto found = TRY(look());
    if (found.empty() || Clock::now() > end) return found;
    std::this_thread::sleep_for(look_again_after);
  }
}

class Down {
 public:
  Down(const LabFolder& folder, Journal journal, std::FILE* out, bool json)
      : folder_(folder), journal_(std::move(journal)), out_(out), json_(json), progress_(json ? stderr : out) {
    for (const auto& [id, recorded] : journal_.record().objects) objects_.push_back(recorded.object);
    for (const auto& object : objects_) {
      if (object.id.kind == Kind::host && !is_segment(object)) hosts_.push_back(object.id.name);
    }
  }

  Result<int> run() {
    HostCarrier carrier(places_of(objects_, journal_.record().lab), "");
    before_ = baseline(folder_, objects_);
    const auto steps = plan(carrier);
    // Hosts and the wires between them go last: with them all would go, and hide what the switch forgot.
    const auto inner = std::ranges::find(steps, Step::Action::remove, &Step::action);
    const auto outer =
        std::find_if(inner, steps.end(), [](const Step& step) { return step.object.id.kind < Kind::vswitch; });
    const auto revived = start_switches(std::span(steps.begin(), inner), carrier);
    const auto during = take_census(carrier, hosts_);
    const auto result = carry(std::span(inner, outer), carrier);
    Census left;
    if (result) left = TRY(until_nothing([&] { return still_on_hosts(carrier, during); }));
    const auto rest = carry(std::span(outer, steps.end()), carrier);
    for (const auto* one : {&revived, &result, &rest}) {
      if (!*one) return std::unexpected(one->error());
    }
    for (auto& [host, things] : TRY(until_nothing([&] { return Result<Census>(still_in_kernel(during)); }))) {
      left[host].merge(things);
    }
    TRY(folder_.remove());
    report(during, left);
    return left.empty() ? 0 : 1;
  }

 private:
  // What fails on one host does not keep the others up.
  Result<> carry(std::span<const Step> steps, HostCarrier& carrier) {
    return carry_out(steps, journal_, carrier, progress_, failed_);
  }

  Steps plan(HostCarrier& carrier) {
    return diff({}, journal_.record().objects, ended_of(look(journal_.record(), carrier), carrier));
  }

  // Without its switch a bridge does not go. With a simulated host it does: one whose switch does not start is not
  // left.
  Result<> start_switches(std::span<const Step> steps, HostCarrier& carrier) {
    auto result = carry_out(steps, journal_, carrier, progress_, without_switch_);
    for (const auto& host : without_switch_) {
      if (!carrier.places().at(host).is_simulated()) failed_.insert(host);
    }
    return failed_.empty() ? Result<>() : result;
  }

  static bool is_segment(const Object& object) { return object.id.name.contains('.'); }

  Result<Census> still_on_hosts(HostCarrier& carrier, const Census& during) {
    Census left;
    for (auto& [host, things] : left_over(before_, during, take_census(carrier, hosts_))) {
      std::erase_if(things, [](const auto& entry) { return ends_with_host(entry.first); });
      if (without_switch_.contains(host)) continue;
      if (!things.empty()) left.emplace(host, std::move(things));
    }
    return left;
  }

  static Census still_in_kernel(const Census& during) {
    Census left;
    for (const auto& [host, things] : during) {
      for (const auto& [kind, names] : things) {
        for (const auto& name : names) {
          if (is_in_kernel(kind, name)) left[host][kind].insert(name);
        }
      }
    }
    return left;
  }

  void report(const Census& during, const Census& left) {
    if (json_) {
      fmt::print(out_, "{}\n", to_text(json::object{{"lab", folder_.lab()}, {"left", to_json(left)}}));
      return;
    }
    const auto style = cli::style_of(out_);
    cli::Grid grid("lrrr", "    ");
    grid.add({style.dim(fmt::format("on {} host{}", hosts_.size(), hosts_.size() == 1 ? "" : "s")), style.dim("before"),
              style.dim("while up"), style.dim("left")});
    for (const auto kind : census_kinds()) {
      const auto there = count(during, kind), then = count(before_, kind), now = count(left, kind);
      if (there == 0 && now == 0) continue;
      grid.add({std::string(kind), std::to_string(then), std::to_string(there),
                now == 0 ? style.green("0") : style.red(std::to_string(now))});
    }
    fmt::print(out_, "\n");
    for (const auto& line : grid.lines()) fmt::print(out_, "{}\n", line);
    for (const auto& line : tell(left)) fmt::print(out_, "    {}\n", style.red("left behind: " + line));
    fmt::print(out_, "\n  lab {} is down: {}\n", folder_.lab(),
               left.empty() ? "nothing is left of it" : "but not all of it is gone");
  }

  const LabFolder& folder_;
  Journal journal_;
  std::FILE* out_;
  bool json_;
  Progress progress_;
  std::vector<Object> objects_;
  std::vector<std::string> hosts_;
  std::set<std::string> without_switch_;
  std::set<std::string> failed_;
  Census before_;
};

}  // namespace

Result<int> run(const DownCommand& command, std::FILE* out) {
  const auto folder = TRY(choose_lab(command.lab));
  const auto lock = TRY(folder.lock());
  Down down(folder, TRY(Journal::open(folder.path(), folder.lab())), out, command.json);
  return down.run();
}

}  // namespace weft::lab

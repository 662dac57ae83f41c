#include "lab/up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "lab/baseline.hpp"
#include "lab/desired.hpp"
#include "lab/dry_run.hpp"
#include "lab/life.hpp"
#include "lab/port_check.hpp"
#include "lab/progress.hpp"
#include "lab/select.hpp"
#include "lab/standing_lab.hpp"

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

std::vector<Object> objects_of(const Record& record) {
  std::vector<Object> objects;
  for (const auto& [id, recorded] : record.objects) objects.push_back(recorded.object);
  return objects;
}

// Two files with labs of the same name must not change one another's.
Result<> check_file(const Record& record, const std::string& file) {
  std::error_code error;
  if (record.file.empty() || record.file == file || record.objects.empty() || !fs::exists(record.file, error))
    return {};
  return fail("in use",
              fmt::format("lab {} is there already, made from {}: give this one another name, or take that one "
                          "down with `weft lab down {}`",
                          record.lab, record.file, record.lab));
}

std::string programs_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

std::string summary(const topology::Topology& lab) {
  const auto some = [](std::size_t number, std::string_view one) {
    return number == 0 ? std::string() : fmt::format(", {} {}{}", number, one, number == 1 ? "" : "s");
  };
  return some(lab.hosts.size(), "host").substr(2) + some(lab.containers.size(), "container") +
         some(lab.machines.size(), "VM");
}

class Up {
 public:
  Up(topology::Topology topology, const Hypervisors& hypervisors, LabFolder folder, std::FILE* out)
      : topology_(std::move(topology)),
        folder_(std::move(folder)),
        desired_(desired_objects(topology_, folder_.path(), hypervisors)),
        out_(out) {}

  Result<int> tell(bool json) {
    const auto record = folder_.exists() ? TRY(Journal::read(folder_.path())) : Record{};
    auto places = places_of(objects_of(record), topology_.name);
    for (auto& [host, place] : places) place.lock.clear();  // Nothing is changed.
    HostCarrier carrier(std::move(places), programs_folder());
    const auto steps = TRY(plan(record, carrier));
    if (json) {
      fmt::print(out_, "{}\n", to_text(json::object{{"lab", topology_.name}, {"steps", steps_json(steps)}}));
    } else {
      fmt::print(out_, "{}",
                 steps.empty() ? std::string("# nothing to do: the lab is as the file says\n") : steps_text(steps));
    }
    return 0;
  }

  Result<int> run(bool json) {
    const auto began = std::chrono::steady_clock::now();
    const auto lock = TRY(folder_.lock());
    TRY(folder_.make());
    auto journal = TRY(Journal::open(folder_.path(), topology_.name));
    TRY(check_file(journal.record(), topology_.file));
    TRY(journal.note_file(topology_.file));
    // What is said on the way goes to stderr where programs read the rest.
    Progress progress(json ? stderr : out_);
    const auto steps = TRY(change_what_is_there(journal, progress));
    HostCarrier carrier(places_of(desired_, topology_.name), programs_folder());
    TRY(keep_baseline(folder_, carrier));
    TRY(carry_out(creations_of(steps), journal, carrier, progress));
    if (!steps.empty()) TRY(check_ports(desired_, carrier));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    report(steps, took.count(), json);
    return 0;
  }

 private:
  Result<Steps> plan(const Record& record, HostCarrier& carrier) {
    const auto lives = look(record, carrier);
    TRY(require_all_known(lives, carrier));
    return diff(desired_, record.objects, ended_of(lives, carrier));
  }

  static std::span<const Step> creations_of(const Steps& steps) {
    return {std::ranges::find(steps, Step::Action::create, &Step::action), steps.end()};
  }

  // Starts again and removes, on the hosts that the lab has had so far. All steps, of which the creations are left.
  Result<Steps> change_what_is_there(Journal& journal, Progress& progress) {
    HostCarrier carrier(places_of(objects_of(journal.record()), topology_.name), programs_folder());
    auto steps = TRY(plan(journal.record(), carrier));
    const auto others = std::span<const Step>(steps).first(steps.size() - creations_of(steps).size());
    TRY(carry_out(others, journal, carrier, progress));
    return steps;
  }

  void report(const Steps& steps, double seconds, bool json) {
    if (json) {
      fmt::print(out_, "{}\n",
                 to_text(json::object{{"lab", topology_.name}, {"steps", steps_json(steps)}, {"seconds", seconds}}));
    } else if (steps.empty()) {
      fmt::print(out_, "  lab {} is up, as {} says: nothing to do\n", topology_.name, topology_.file);
    } else {
      fmt::print(out_, "\n  lab {} is up: {}, in {:.1f} s\n  next: weft lab verify, shell NODE, status, down\n",
                 topology_.name, summary(topology_), seconds);
    }
  }

  topology::Topology topology_;
  LabFolder folder_;
  std::vector<Object> desired_;
  std::FILE* out_;
};

}  // namespace

Result<int> run(const UpCommand& command, std::FILE* out) {
  const auto file = TRY(choose_file(command.file));
  auto topology = TRY(read_standing_lab(file));
  auto folder = TRY(LabFolder::of(topology.name));
  const auto hypervisors = TRY(find_hypervisors(topology));
  Up up(std::move(topology), hypervisors, std::move(folder), out);
  return command.is_dry ? up.tell(command.json) : up.run(command.json);
}

}  // namespace weft::lab

#include "lab/file_commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "cli/style.hpp"
#include "lab/life.hpp"
#include "lab/select.hpp"
#include "lab/standing_lab.hpp"
#include "topology/first_lab.hpp"
#include "topology/json_schema.hpp"
#include "topology/lab_mermaid.hpp"
#include "topology/lab_svg.hpp"
#include "topology/lab_text_picture.hpp"

namespace weft::lab {
namespace {

constexpr std::size_t usual_columns = 80;

std::size_t columns_of(std::FILE* out) {
  struct winsize size{};
  const bool is_known = ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : usual_columns;
}

topology::Health health_of(const Life& life) {
  return life.trouble.empty() ? topology::Health::up : topology::Health::down;
}

// Of a lab that is up; nothing is known of one that is not.
topology::LabState state_of(const topology::Topology& lab) {
  topology::LabState state;
  const auto folder = LabFolder::of(lab.name);
  if (!folder || !folder->exists()) return state;
  const auto record = Journal::read(folder->path());
  if (!record || record->file != lab.file) return state;
  std::vector<Object> objects;
  for (const auto& [id, recorded] : record->objects) objects.push_back(recorded.object);
  auto places = places_of(objects, lab.name);
  for (auto& [host, place] : places) place.lock.clear();
  HostCarrier carrier(std::move(places), "");
  for (const auto& life : look(*record, carrier)) {
    if (life.id.kind == Kind::host) state.hosts[life.id.name] = health_of(life);
    if (life.id.kind == Kind::tunnel) state.tunnels[{life.id.host, life.id.name}] = health_of(life);
    if (is_endpoint(life.id.kind)) state.endpoints[life.id.name] = health_of(life);
  }
  return state;
}

}  // namespace

Result<int> run(const InitCommand& command, std::FILE* out) {
  const UniqueFd file(::open(command.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file && errno == EEXIST)
    return fail("exists", fmt::format("{} is there already: name another file", command.file));
  const auto text = topology::first_lab();
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return fail_with_errno("cannot write " + command.file);
  }
  fmt::print(out, "  wrote {}: the tutorial's network. Next: weft lab up {}\n", command.file,
             command.file == "weft.yaml" ? "" : command.file);
  return 0;
}

Result<int> run(const GraphCommand& command, std::FILE* out) {
  const auto file = TRY(choose_file(command.file));
  const auto lab = TRY(read_standing_lab(file));
  const auto scene = topology::make_scene(lab, state_of(lab));
  switch (command.format) {
    case PictureFormat::text:
      fmt::print(out, "{}", topology::to_text_picture(scene, columns_of(out), cli::style_of(out).has_unicode));
      break;
    case PictureFormat::mermaid:
      fmt::print(out, "{}", topology::to_mermaid(scene));
      break;
    case PictureFormat::svg:
      fmt::print(out, "{}", topology::to_svg(scene));
      break;
  }
  return 0;
}

Result<int> run(const SchemaCommand&, std::FILE* out) {
  fmt::print(out, "{}", topology::lab_schema());
  return 0;
}

}  // namespace weft::lab

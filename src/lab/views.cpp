#include "lab/views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/grid.hpp"
#include "cli/screen.hpp"
#include "cli/style.hpp"
#include "lab/life.hpp"
#include "lab/select.hpp"

namespace weft::lab {
namespace {

using Lines = std::vector<std::string>;

std::vector<Object> objects_of(const Record& record) {
  std::vector<Object> objects;
  for (const auto& [id, recorded] : record.objects) objects.push_back(recorded.object);
  return objects;
}

std::size_t count(const Record& record, std::initializer_list<Kind> kinds) {
  return static_cast<std::size_t>(std::ranges::count_if(record.objects, [&](const auto& entry) {
    return std::ranges::find(kinds, entry.first.kind) != kinds.end() && !entry.first.name.contains('.');
  }));
}

json::value fact_of(const Life& life, std::string_view key) {
  const auto* value = life.facts.if_contains(key);
  return value == nullptr ? json::value("") : *value;
}

std::string text_of(const Life& life, std::string_view key) {
  const auto value = fact_of(life, key);
  return value.is_string() ? std::string(value.get_string()) : to_text(value);
}

// Endpoints have a line each; of the rest only what is wrong.
Lines show(const Record& record, const std::vector<Life>& lives, const cli::Style& style) {
  cli::Grid grid("lllllll");
  grid.add(
      {"", style.dim("name"), style.dim("host"), style.dim("network"), style.dim("address"), style.dim("port"), ""});
  const auto mark = [&](const Life& life) {
    return life.trouble.empty() ? style.green(style.tick()) : style.red(style.cross());
  };
  for (const auto& life : lives) {
    if (is_endpoint(life.id.kind)) {
      const auto address = text_of(life, "address4").empty() ? text_of(life, "address6") : text_of(life, "address4");
      grid.add({mark(life), life.id.name, life.id.host, text_of(life, "network"), address, text_of(life, "port"),
                style.red(life.trouble)});
    } else if (!life.trouble.empty()) {
      grid.add({mark(life), fmt::format("{} {}", name_of(life.id.kind), life.id.name), life.id.host, "", "", "",
                style.red(life.trouble)});
    }
  }
  Lines lines = {fmt::format("{}  {}", style.bold(record.lab), style.dim(record.file)), ""};
  std::ranges::copy(grid.lines(), std::back_inserter(lines));
  return lines;
}

json::object show_json(const Record& record, const std::vector<Life>& lives) {
  json::array objects;
  for (const auto& life : lives) {
    auto one = to_json(life.id);
    one["facts"] = life.facts;
    one["trouble"] = life.trouble;
    objects.push_back(std::move(one));
  }
  return {{"lab", record.lab}, {"file", record.file}, {"objects", std::move(objects)}};
}

Result<int> watch(const LabFolder& folder, HostCarrier& carrier, const cli::Style& style) {
  auto screen = TRY(cli::Screen::open());
  for (;;) {
    const auto record = TRY(Journal::read(folder.path()));
    screen.draw(show(record, look(record, carrier), style));
    if (screen.wait(std::chrono::steady_clock::now() + std::chrono::seconds(1)) == cli::Screen::Event::quit) return 0;
  }
}

}  // namespace

Result<int> run(const ListCommand& command, std::FILE* out) {
  const auto style = cli::style_of(out);
  cli::Grid grid("llrrl");
  grid.add({style.dim("lab"), "", style.dim("hosts"), style.dim("endpoints"), style.dim("file")});
  json::array array;
  for (const auto& name : TRY(lab_names())) {
    const auto record = Journal::read(TRY(LabFolder::of(name)).path());
    if (!record) {
      array.push_back(json::object{{"lab", name}, {"trouble", record.error().details}});
      grid.add({name, style.red("broken"), "", "", record.error().details});
      continue;
    }
    const auto hosts = count(*record, {Kind::host}),
               endpoints = count(*record, {Kind::container, Kind::podman, Kind::machine});
    const bool is_whole = std::ranges::all_of(record->objects, [](const auto& entry) { return entry.second.is_whole; });
    array.push_back(json::object{
        {"lab", name}, {"file", record->file}, {"hosts", hosts}, {"endpoints", endpoints}, {"whole", is_whole}});
    grid.add({name, is_whole ? style.green("up") : style.yellow("half up"), std::to_string(hosts),
              std::to_string(endpoints), record->file});
  }
  if (command.json) {
    fmt::print(out, "{}\n", to_text(array));
  } else if (array.empty()) {
    fmt::print(out, "  no lab is there: `weft lab up` makes one\n");
  } else {
    for (const auto& line : grid.lines()) fmt::print(out, "{}\n", line);
  }
  return 0;
}

Result<int> run(const StatusCommand& command, std::FILE* out) {
  const auto folder = TRY(choose_lab(command.lab));
  const auto record = TRY(Journal::read(folder.path()));
  auto places = places_of(objects_of(record), record.lab);
  for (auto& [host, place] : places) place.lock.clear();  // Looking is no work that another must wait for.
  HostCarrier carrier(std::move(places), "");
  const auto style = cli::style_of(out);
  if (command.watch && cli::Screen::is_possible()) return watch(folder, carrier, style);
  const auto lives = look(record, carrier);
  if (command.json) {
    fmt::print(out, "{}\n", to_text(show_json(record, lives)));
  } else {
    for (const auto& line : show(record, lives, style)) fmt::print(out, "{}\n", line);
  }
  return std::ranges::all_of(lives, [](const Life& life) { return life.trouble.empty(); }) ? 0 : 1;
}

}  // namespace weft::lab

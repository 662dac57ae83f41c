// What virtual machines start from: on this machine for simulated hosts, which have its files; real hosts are sent it.
#include <fmt/format.h>

#include <algorithm>

#include "hosts/guest_image.hpp"
#include "hosts/place.hpp"
#include "hosts/send_file.hpp"
#include "lab/machine.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using topology::VirtualMachine;

constexpr std::string_view guest_image_name = "guest";
constexpr std::array guest_files = {"vmlinuz", "initrd"};

bool is_url(std::string_view image) { return image.starts_with("http://") || image.starts_with("https://"); }

// Of a download that broke off the rest is fetched. What is not what it should be, is no image and is not kept.
Commands download(const VirtualMachine& machine, const std::string& path) {
  const auto part = path + ".part", url = hosts::quote(machine.image);
  const auto is_whole = fmt::format("echo '{}  {}' | sha256sum --check --status", machine.sha256, part);
  constexpr std::string_view curl = "curl --fail --location --retry 3";
  return {shell(fmt::format("mkdir -p {}", image_directory())), shell(fmt::format("exec 8>{}.lock; flock 8", path)),
          // Not every server can go on in the middle.
          shell(fmt::format(
              "[ -e {0} ] || [ ! -e {1} ] || {3} || {2} --silent --continue-at - --output {1} {4} || rm -f {1}", path,
              part, curl, is_whole, url)),
          shell(fmt::format("[ -e {0} ] || [ -e {1} ] || {2} --silent --show-error --output {1} {3}", path, part, curl,
                            url)),
          shell(fmt::format("[ -e {0} ] || {{ {2} && mv {1} {0}; }} || {{ rm -f {1}; echo 'the image is not the one of "
                            "sha256 {3}: is the "
                            "sum right?' >&2; exit 1; }}",
                            path, part, is_whole, machine.sha256)),
          shell(fmt::format("exec 8>&-; rm -f {}.lock", path))};
}

// The file is on this machine.
Commands check(const VirtualMachine& machine) {
  const auto path = hosts::quote(machine.image);
  Commands commands = {shell(fmt::format("[ -r {0} ] || {{ echo there is no image {0} >&2; exit 1; }}", path))};
  if (!machine.sha256.empty()) {
    commands.push_back(shell(fmt::format("echo {} | sha256sum --check --quiet",
                                         hosts::quote(fmt::format("{}  {}", machine.sha256, machine.image)))));
  }
  return commands;
}

Commands make_guest() { return {shell(fmt::format("weft {} {}", hosts::guest_image_word, guest_directory()))}; }

Command send(const Site& site, const std::string& file, const std::string& path) {
  return shell(hosts::quote({"weft", hosts::send_word, file, site.host->ssh, path}));
}

// Its commands run on this machine, where the image is.
Object sent_image(const Site& site, const VirtualMachine& machine) {
  const auto& host = site.host->name;
  const auto name = machine.image.empty() ? std::string(guest_image_name) : machine.image;
  Object object{.id = {Kind::image, "", fmt::format("{} for {}", name, host)}, .needs = {{Kind::host, host, host}}};
  object.create = machine.image.empty() ? make_guest() : check(machine);
  if (!machine.image.empty()) {
    object.create.push_back(send(site, machine.image, image_path(site, machine)));
    return object;
  }
  for (const auto* file : guest_files) {
    const auto path = fmt::format("{}/{}", guest_directory(), file);
    object.create.push_back(send(site, path, path));
  }
  return object;
}

}  // namespace

std::string image_path(const Site& site, const VirtualMachine& machine) {
  if (machine.image.empty()) return {};
  if (is_url(machine.image)) return fmt::format("{}/{}", image_directory(), machine.sha256);
  if (site.host->is_simulated()) return machine.image;
  auto name = machine.image;
  std::ranges::replace(name, '/', '%');
  return fmt::format("{}/{}", image_directory(), name);
}

Object image_object(const Site& site, const VirtualMachine& machine) {
  if (is_url(machine.image)) {
    // Fetched where it is needed; for simulated hosts here, where the network is.
    Object object{.id = {Kind::image, site.host->is_simulated() ? "" : site.host->name, machine.image},
                  .create = download(machine, image_path(site, machine))};
    if (!object.id.host.empty()) object.needs = {{Kind::host, site.host->name, site.host->name}};
    return object;
  }
  if (!site.host->is_simulated()) return sent_image(site, machine);
  if (machine.image.empty()) return {.id = {Kind::image, "", std::string(guest_image_name)}, .create = make_guest()};
  return {.id = {Kind::image, "", machine.image}, .create = check(machine)};
}

}  // namespace weft::lab

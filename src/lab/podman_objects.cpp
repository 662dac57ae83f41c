#include <fmt/format.h>

#include <utility>

#include "hosts/place.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using Words = std::vector<std::string>;

// Where podman on this machine keeps its images; simulated hosts, which have no way to a registry, read them there.
constexpr const char* machine_images = "/var/lib/containers/storage";

Words podman_words(const Site& site, bool has_image) {
  Words words = {"podman"};
  if (!site.host->is_simulated()) return words;
  words.insert(words.end(), {"--root", site.directory + "/podman", "--runroot", "/run/podman"});
  if (has_image) words.insert(words.end(), {"--storage-opt", fmt::format("additionalimagestore={}", machine_images)});
  return words;
}

std::string podman_name(const Site& site, const topology::Container& container) {
  return site.host->is_simulated() ? container.name : fmt::format("{}-{}", site.lab->name, container.name);
}

std::string pid_path(const Site& site, const topology::Container& container) {
  return fmt::format("/run/{}.pid", podman_name(site, container));
}

std::string run_line(const Site& site, const topology::Container& container) {
  auto words = podman_words(site, !container.image.empty());
  words.insert(words.end(), {"run", "--detach", "--name", podman_name(site, container), "--hostname", container.name,
                             "--network", "ns:/run/netns/" + container.name});
  words.insert(words.end(), {"--pidfile", pid_path(site, container)});
  words.insert(words.end(), {"--cap-add", "NET_RAW"});  // For ping.
  // A simulated host has a place for control groups, and none of them.
  if (site.host->is_simulated()) words.insert(words.end(), {"--cgroups", "disabled"});
  // A shell, which is what many images are made to run, stays only where it has a terminal.
  if (container.command.empty()) words.emplace_back("--tty");
  for (const auto& [name, value] : container.environment)
    words.insert(words.end(), {"--env", fmt::format("{}={}", name, value)});
  if (container.image.empty()) {
    // What it writes is its own, and does not stay.
    words.insert(words.end(), {"--rootfs", container.rootfs + ":O"});
    if (container.command.empty()) words.emplace_back("/bin/sh");
  } else {
    words.insert(words.end(), {"--pull", "never", container.image});
  }
  words.insert(words.end(), container.command.begin(), container.command.end());
  return hosts::quote(words) + " >/dev/null";
}

}  // namespace

bool is_run_by_podman(const topology::Container& container) {
  return !container.image.empty() || !container.rootfs.empty();
}

Object podman_image_object(const Site& site, const topology::Container& container) {
  const auto image = hosts::quote(container.image);
  Object object{.id = {Kind::image, site.host->is_simulated() ? "" : site.host->name, container.image}};
  object.create = {shell(fmt::format("podman image exists {0} || podman pull --quiet {0} >/dev/null", image))};
  if (!object.id.host.empty()) object.needs = {{Kind::host, site.host->name, site.host->name}};
  return object;
}

Object podman_object(const Site& site, const topology::Container& container) {
  auto object = container_object(site, container);
  const bool has_image = !container.image.empty();
  object.id.kind = Kind::podman;
  if (has_image) object.needs.push_back(podman_image_object(site, container).id);
  json::array exec;
  auto words = podman_words(site, has_image);
  for (const auto& word : words) exec.emplace_back(word);
  object.facts["podman"] = std::move(exec);
  object.facts["podman-name"] = podman_name(site, container);

  const auto podman = [&](Words more) {
    more.insert(more.begin(), words.begin(), words.end());
    more.push_back(podman_name(site, container));
    return shell(hosts::quote(more) + " >/dev/null");
  };
  const auto remove = may_fail(podman({"rm", "--force", "--time", "0"}));
  const auto plug = std::exchange(object.create, {}), unplug = std::exchange(object.remove, {});
  const auto append = [](Commands& commands, const Commands& more) {
    commands.insert(commands.end(), more.begin(), more.end());
  };
  append(object.create, plug);
  if (site.host->is_simulated()) {
    object.create.push_back(shell("mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup"));
  }
  object.create.push_back(shell(run_line(site, container)));

  object.remove = {remove};
  append(object.remove, unplug);
  object.remove.push_back(shell("rm -f " + hosts::quote(pid_path(site, container))));

  // What it has written stays; its network is made anew.
  object.runs = runs_by_pid_file(pid_path(site, container));
  object.revive = {may_fail(podman({"stop", "--time", "0"}))};
  append(object.revive, unplug);
  append(object.revive, plug);
  object.revive.push_back(podman({"start"}));
  return object;
}

}  // namespace weft::lab

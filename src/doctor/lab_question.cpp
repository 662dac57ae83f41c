#include "doctor/lab_question.hpp"

#include <algorithm>

namespace weft::doctor {

Question question_of(const topology::Topology& lab, Question asked) {
  const auto is_simulated = [](const topology::Host& host) { return host.is_simulated(); };
  asked.wants_underlay = !std::ranges::all_of(lab.hosts, is_simulated);
  asked.wants_ssh = asked.wants_underlay;
  asked.wants_machines = asked.wants_machines || !lab.machines.empty();
  for (const auto& container : lab.containers) asked.wants_images = asked.wants_images || !container.image.empty();
  for (const auto& host : lab.hosts) {
    if (!host.is_simulated()) asked.remote_hosts.push_back(host.ssh);
  }
  for (const auto& network : lab.networks) {
    if (!network.tunnel) continue;
    if (!asked.group) asked.group = network.tunnel->group;
    asked.udp_port = network.tunnel->udp_port;
  }
  return asked;
}

}  // namespace weft::doctor

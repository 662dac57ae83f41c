// A lab as every picture of it shows it: hosts, their bridges and tunnels, who is behind each; folded where it is much,
// and with what is known of its state.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "topology/topology.hpp"

namespace weft::topology {

enum class Health : std::uint8_t { unknown, up, down };

// What is known of a lab that was brought up; empty for one that was not.
struct LabState {
  std::map<std::string, Health> hosts = {};
  std::map<std::string, Health> endpoints = {};
  std::map<std::pair<std::string, std::string>, Health> tunnels = {};  // By host and tunnel.
  std::map<std::string, std::vector<std::string>> addresses = {};      // An endpoint's, where they are not the file's.
};

struct SceneEndpoint {
  std::string name = {};
  std::vector<std::string> addresses = {};  // IPv4 first.
  std::string port = {};
  bool is_machine = false;
  std::size_t network = 0;  // Its number in Scene::networks.
  std::uint16_t vlan = 0;
  Health health = Health::unknown;
};

struct SceneBridge {
  std::string name = {};
  std::string tunnel = {};  // Empty: none.
  std::uint32_t vni = 0;
  Health tunnel_health = Health::unknown;
  std::vector<SceneEndpoint> endpoints = {};  // That are shown.
  std::size_t more = 0;                       // That are not.
};

struct SceneHost {
  std::string name = {};
  std::string switch_name = {};             // "Weft", "Open vSwitch", "Linux bridge".
  std::string device = {};                  // The underlay's.
  std::vector<std::string> addresses = {};  // In the underlay, without prefix length.
  Health health = Health::unknown;
  std::vector<SceneBridge> bridges = {};
};

struct SceneNetwork {
  std::string name = {};
  std::string facts = {};  // "192.168.100.0/24, VNI 100, group 239.0.0.1, UDP port 4789, MTU 1450"
};

struct Scene {
  std::string name = {};
  std::string summary = {};  // "2 hosts, 2 containers"
  std::vector<SceneHost> hosts = {};
  std::vector<SceneNetwork> networks = {};
};

// More endpoints of a bridge than `shown_max` are folded: the first three are shown.
inline constexpr std::size_t shown_when_folded = 3;
Scene make_scene(const Topology& lab, const LabState& state, std::size_t shown_max = 8);

}  // namespace weft::topology

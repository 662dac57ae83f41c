#include "topology/lab_mermaid.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace weft::topology {
namespace {

// Within quotes: Mermaid knows characters by "#" and their number, and takes the rest as Markdown and HTML.
std::string escape(std::string_view text) {
  constexpr std::string_view meaningful = "\"#&<>`*_[]{}\\;|";
  std::string escaped;
  for (const char c : text) {
    if (meaningful.find(c) != std::string_view::npos || (c >= '\0' && c < ' ')) {
      fmt::format_to(std::back_inserter(escaped), "#{};", static_cast<int>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string lines_of(std::string_view first, const std::vector<std::string>& others) {
  auto text = escape(first);
  for (const auto& other : others) text += "<br/>" + escape(other);
  return text;
}

std::string_view class_of(Health health) {
  switch (health) {
    case Health::up:
      return ":::up";
    case Health::down:
      return ":::down";
    case Health::unknown:
      break;
  }
  return "";
}

class Writer {
 public:
  std::string write(const Scene& scene) && {
    text_ = "flowchart BT\n";
    for (std::size_t i = 0; i < scene.hosts.size(); ++i) write_host(scene.hosts[i], fmt::format("h{}", i + 1));
    if (scene.hosts.size() > 1) write_underlay(scene);
    for (std::size_t i = 0; i < scene.networks.size(); ++i) {
      line("%% {}: {}", escape(scene.networks[i].name), escape(scene.networks[i].facts));
    }
    for (const auto& colours : class_definitions) line("  classDef {}", colours);
    return std::move(text_);
  }

 private:
  // Fills and borders that stand out on light and on dark pages, each with its own text colour.
  static constexpr auto class_definitions = std::to_array<std::string_view>({
      "bridge fill:#e6effd,stroke:#7da3e0,color:#1b2330",
      "tunnel fill:#fcf0da,stroke:#d7a544,color:#1b2330",
      "up fill:#dff3e7,stroke:#2fa35f,color:#1b2330",
      "down fill:#fbe3e3,stroke:#dc4b4b,color:#1b2330,stroke-width:2px",
  });

  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
  }

  void write_host(const SceneHost& host, const std::string& id) {
    const auto state = host.health == Health::down ? ", down" : "";
    line("  subgraph {}[\"{} ({}{})\"]", id, escape(host.name), host.switch_name, state);
    line("    {}_dev([\"{}\"])", id, lines_of(host.device, host.addresses));
    for (std::size_t i = 0; i < host.bridges.size(); ++i)
      write_bridge(host.bridges[i], id, fmt::format("{}_b{}", id, i + 1));
    line("  end");
  }

  void write_bridge(const SceneBridge& bridge, const std::string& host_id, const std::string& id) {
    line("    {}[\"{}\"]:::bridge", id, escape(bridge.name));
    if (!bridge.tunnel.empty()) {
      const auto classes = bridge.tunnel_health == Health::down ? ":::down" : ":::tunnel";
      line("    {}_t{{{{\"{}<br/>VNI {}\"}}}}{}", id, escape(bridge.tunnel), bridge.vni, classes);
      line("    {0} --- {0}_t", id);
      line("    {}_t --- {}_dev", id, host_id);
    }
    for (std::size_t i = 0; i < bridge.endpoints.size(); ++i) {
      const auto& endpoint = bridge.endpoints[i];
      const auto shape = endpoint.is_machine ? std::pair("[[", "]]") : std::pair("(", ")");
      line("    {}_e{}{}\"{}\"{}{}", id, i + 1, shape.first, lines_of(endpoint.name, endpoint.addresses), shape.second,
           class_of(endpoint.health));
      line("    {0}_e{1} ---{2} {0}", id, i + 1, endpoint.vlan == 0 ? "" : fmt::format("|\"VLAN {}\"|", endpoint.vlan));
    }
    if (bridge.more > 0) line("    {0}_more(\"... {1} more\") -.- {0}", id, bridge.more);
  }

  void write_underlay(const Scene& scene) {
    line("  underlay[(\"underlay\")]");
    for (std::size_t i = 0; i < scene.hosts.size(); ++i) line("  h{}_dev === underlay", i + 1);
  }

  std::string text_ = {};
};

}  // namespace

std::string to_mermaid(const Scene& scene) { return Writer().write(scene); }

}  // namespace weft::topology

#include "topology/lab_text_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace weft::topology {
namespace {

constexpr std::size_t boxes_apart = 4;
constexpr std::size_t name_columns_max = 40;

// What lines are made of.
struct Strokes {
  std::string_view horizontal, vertical, top_left, top_right, bottom_left, bottom_right, branch, last_branch, corner,
      crossing, bus, bus_joint, more, up, down;
};
constexpr Strokes unicode_strokes = {"─", "│", "┌", "┐", "└", "┘", "├─", "└─", "┐", "┼", "═", "╧", "…", "✓", "✗"};
constexpr Strokes ascii_strokes = {"-", "|", "+", "+", "+", "+", "|-", "`-", "+", "+", "=", "+", "...", "+", "x"};

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string repeated;
  for (std::size_t i = 0; i < count; ++i) repeated += text;
  return repeated;
}

std::string pad(std::string text, std::size_t width) {
  const auto used = width_of(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

// One host's picture: lines of one width, and the column in which its wire leaves at the bottom.
struct Picture {
  std::vector<std::string> lines = {};
  std::size_t width = 0;
  std::size_t wire_at = 0;
};

class Drawer {
 public:
  Drawer(const Scene& scene, std::size_t columns, const Strokes& strokes)
      : scene_(scene), columns_(columns), strokes_(strokes) {}

  std::string draw() {
    std::vector<Picture> pictures;
    std::size_t inner = 0;
    for (const auto& host : scene_.hosts) {
      for (const auto& line : lines_of(host)) inner = std::max(inner, width_of(line));
      inner = std::max(inner, width_of(foot_of(host)) + 2);
    }
    for (const auto& host : scene_.hosts) pictures.push_back(frame(host, inner));
    std::string text;
    const auto each = pictures.empty() ? 1 : pictures.front().width + boxes_apart;
    const auto in_a_row = std::max<std::size_t>((columns_ + boxes_apart) / each, 1);
    for (std::size_t i = 0; i < pictures.size(); i += in_a_row) {
      const auto end = std::min(i + in_a_row, pictures.size());
      text += side_by_side(
          {pictures.begin() + static_cast<std::ptrdiff_t>(i), pictures.begin() + static_cast<std::ptrdiff_t>(end)});
    }
    for (const auto& network : scene_.networks) text += fmt::format("{}: {}\n", network.name, network.facts);
    return text;
  }

 private:
  std::string_view mark(Health health) const {
    switch (health) {
      case Health::up:
        return strokes_.up;
      case Health::down:
        return strokes_.down;
      case Health::unknown:
        break;
    }
    return "";
  }
  std::string marked(std::string_view text, Health health) const {
    return health == Health::unknown ? std::string(text) : fmt::format("{} {}", text, mark(health));
  }

  static std::string name_of(const SceneEndpoint& endpoint) {
    auto name = endpoint.name;
    if (endpoint.is_machine) name += " (VM)";
    if (endpoint.vlan != 0) name += fmt::format(" VLAN {}", endpoint.vlan);
    return name;
  }

  // What stands in a host's box above its foot.
  std::vector<std::string> lines_of(const SceneHost& host) const {
    std::vector<std::string> lines;
    std::size_t names = 0;
    for (const auto& bridge : host.bridges) {
      for (const auto& one : bridge.endpoints) names = std::max(names, width_of(marked(name_of(one), one.health)));
    }
    names = std::min(names, name_columns_max);
    for (const auto& bridge : host.bridges) {
      auto line = bridge.name;
      if (!bridge.tunnel.empty()) {
        const auto tunnel = fmt::format("{}, VNI {}", bridge.tunnel, bridge.vni);
        line += fmt::format(" {} {}", repeat(strokes_.horizontal, 2), marked(tunnel, bridge.tunnel_health));
      }
      lines.push_back(std::move(line));
      for (std::size_t i = 0; i < bridge.endpoints.size(); ++i) {
        const auto& one = bridge.endpoints[i];
        const bool is_last = i + 1 == bridge.endpoints.size() && bridge.more == 0;
        const auto branch = is_last ? strokes_.last_branch : strokes_.branch;
        lines.push_back(fmt::format("{} {}  {}", branch, pad(marked(name_of(one), one.health), names),
                                    fmt::join(one.addresses, " ")));
      }
      if (bridge.more > 0)
        lines.push_back(fmt::format("{} {} {} more", strokes_.last_branch, strokes_.more, bridge.more));
    }
    return lines;
  }

  std::string foot_of(const SceneHost& host) const {
    std::string foot;
    for (const auto& address : host.addresses) foot += address + " ";
    return foot + host.device + " " + std::string(has_underlay() ? strokes_.horizontal : " ");
  }

  bool has_underlay() const { return scene_.hosts.size() > 1; }

  Picture frame(const SceneHost& host, std::size_t inner) const {
    auto title = host.switch_name == "Weft" ? host.name : fmt::format("{} ({})", host.name, host.switch_name);
    title = marked(title, host.health);
    inner = std::max(inner, width_of(title) + 2);
    Picture picture{{}, inner + 4, inner};
    const auto& s = strokes_;
    picture.lines.push_back(fmt::format("{}{} {} {}{}", s.top_left, s.horizontal, title,
                                        repeat(s.horizontal, inner - 1 - width_of(title)), s.top_right));
    for (const auto& line : lines_of(host))
      picture.lines.push_back(fmt::format("{0} {1} {0}", s.vertical, pad(line, inner)));
    const auto foot = foot_of(host);
    picture.lines.push_back(fmt::format("{0} {1}{2}{3}  {0}", s.vertical, std::string(inner - 2 - width_of(foot), ' '),
                                        foot, has_underlay() ? s.corner : " "));
    picture.lines.push_back(fmt::format("{}{}{}{}{}", s.bottom_left, repeat(s.horizontal, inner - 1),
                                        has_underlay() ? s.crossing : s.horizontal, repeat(s.horizontal, 2),
                                        s.bottom_right));
    return picture;
  }

  // A row of boxes of one height, and the underlay below.
  std::string side_by_side(const std::vector<Picture>& pictures) const {
    std::size_t height = 0;
    for (const auto& picture : pictures) height = std::max(height, picture.lines.size());
    std::string text;
    for (std::size_t row = 0; row < height; ++row) {
      std::string line;
      for (const auto& picture : pictures) {
        if (&picture != &pictures.front()) line.append(boxes_apart, ' ');
        line += line_of(picture, row, height);
      }
      text += line + "\n";
    }
    if (!has_underlay()) return text;
    std::string wires, bus;
    for (const auto& picture : pictures) {
      const auto begin = (&picture == &pictures.front() ? 0 : boxes_apart) + picture.wire_at;
      wires += std::string(begin, ' ') + std::string(strokes_.vertical) +
               (&picture == &pictures.back() ? "" : std::string(picture.width - picture.wire_at - 1, ' '));
      bus += repeat(strokes_.bus, begin) + std::string(strokes_.bus_joint) +
             repeat(strokes_.bus, picture.width - picture.wire_at - 1);
    }
    return text + wires + "\n" + bus + "\n";
  }

  // Lower boxes are stretched above their foot.
  std::string line_of(const Picture& picture, std::size_t row, std::size_t height) const {
    constexpr std::size_t foot_lines = 2;
    const auto body = picture.lines.size() - foot_lines;
    if (row < body) return picture.lines[row];
    if (row < height - foot_lines)
      return fmt::format("{0}{1}{0}", strokes_.vertical, std::string(picture.width - 2, ' '));
    return picture.lines[body + (row - (height - foot_lines))];
  }

  const Scene& scene_;
  std::size_t columns_;
  const Strokes& strokes_;
};

}  // namespace

std::string to_text_picture(const Scene& scene, std::size_t columns, bool has_unicode) {
  return Drawer(scene, columns, has_unicode ? unicode_strokes : ascii_strokes).draw();
}

}  // namespace weft::topology

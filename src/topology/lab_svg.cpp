#include "topology/lab_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topology/lab_svg_style.hpp"
#include "topology/svg_canvas.hpp"

namespace weft::topology {
namespace {

constexpr double margin = 32, gap = 28, padding = 14;
constexpr double top_height = 72;   // Title and summary.
constexpr double head_height = 42;  // Of a card.
constexpr double box_height = 26, row_height = 28, second_line = 15, row_gap = 6, bridge_gap = 12;
constexpr double row_indent = 30, spine_room = 20;
constexpr double bus_drop = 34;  // From a card to the underlay below it.
constexpr double legend_line = 22;
constexpr double card_width_min = 292, card_width_max = 500;
constexpr std::size_t legend_max = 12;

// Characters, not bytes: names from the file are ASCII, "…" is not.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string elide(const std::string& text, double pixels, double pixels_each) {
  const auto most = static_cast<std::size_t>(std::max(pixels / pixels_each, 2.0));
  return text.size() <= most ? text : text.substr(0, most - 1) + "…";
}

double height_of(const SceneEndpoint& endpoint) {
  return row_height + (endpoint.addresses.size() > 1 ? second_line : 0);
}

double height_of(const SceneBridge& bridge) {
  auto height = box_height;
  for (const auto& endpoint : bridge.endpoints) height += row_gap + height_of(endpoint);
  return height + (bridge.more > 0 ? row_gap + row_height : 0);
}

double height_of(const SceneHost& host) {
  auto height = head_height;
  for (const auto& bridge : host.bridges) height += height_of(bridge) + bridge_gap;
  return height + box_height + padding;
}

std::string tag_of(const SceneEndpoint& endpoint) {
  std::string tag = endpoint.is_machine ? "VM" : "";
  if (endpoint.vlan != 0) tag += fmt::format("{}VLAN {}", tag.empty() ? "" : ", ", endpoint.vlan);
  return tag;
}

std::string tunnel_text(const SceneBridge& bridge) { return fmt::format("{} · VNI {}", bridge.tunnel, bridge.vni); }

double address_pixels(const SceneEndpoint& endpoint) {
  std::size_t most = 0;
  for (const auto& address : endpoint.addresses) most = std::max(most, address.size());
  return static_cast<double>(most) * code_pixels;
}

constexpr double row_frame = 2 * padding + row_indent + spine_room + 24 + 18;  // Beside the texts of a row.

double card_width(const Scene& scene) {
  auto width = card_width_min;
  for (const auto& host : scene.hosts) {
    for (const auto& bridge : host.bridges) {
      const auto texts = static_cast<double>(bridge.name.size()) * bold_pixels +
                         static_cast<double>(characters(tunnel_text(bridge))) * code_pixels;
      width = std::max(width, texts + 2 * padding + 40 + spine_room + 30);
      for (const auto& endpoint : bridge.endpoints) {
        const auto tag = tag_of(endpoint);
        const auto tag_width = tag.empty() ? 0 : static_cast<double>(tag.size()) * small_pixels + 10;
        width = std::max(width, row_frame + static_cast<double>(endpoint.name.size()) * text_pixels + tag_width +
                                    address_pixels(endpoint));
      }
    }
  }
  return std::min(width, card_width_max);
}

std::size_t columns_of(std::size_t hosts) {
  if (hosts <= 4) return std::max<std::size_t>(hosts, 1);
  const auto wanted = std::lround(std::sqrt(1.3 * static_cast<double>(hosts)));
  return std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 3, 8);
}

class Painter {
 public:
  explicit Painter(const Scene& scene)
      : scene_(scene), svg_(svg_style, scene.name + ": " + scene.summary), width_(card_width(scene)) {}

  std::string paint() && {
    const auto columns = columns_of(scene_.hosts.size());
    const auto cards_width = static_cast<double>(columns) * (width_ + gap) - gap;
    const auto page_width = 2 * margin + std::max(cards_width, legend_width());
    const auto page_height = measure(columns);
    svg_.rectangle("page", {0, 0, page_width, page_height}, 12);
    svg_.text("title", margin, 38, scene_.name);
    svg_.text("faint", margin, 59, scene_.summary);
    paint_underlay(columns);
    for (std::size_t i = 0; i < scene_.hosts.size(); ++i) {
      const auto row = i / columns;
      const auto x = margin + static_cast<double>(i % columns) * (width_ + gap);
      paint_host(scene_.hosts[i], {x, row_tops_[row], width_, row_heights_[row]});
    }
    paint_legend(page_height);
    return svg_.finish(page_width, page_height);
  }

 private:
  bool has_underlay() const { return scene_.hosts.size() > 1; }
  double drop() const { return has_underlay() ? bus_drop : 0; }
  double bus_of(std::size_t row) const { return row_tops_[row] + row_heights_[row] + bus_drop; }

  double legend_width() const {
    double width = 0;
    for (std::size_t i = 0; i < std::min(scene_.networks.size(), legend_max); ++i) {
      width = std::max(
          width, facts_at(scene_.networks[i]) + static_cast<double>(scene_.networks[i].facts.size()) * text_pixels);
    }
    return width;
  }
  // Where a network's facts begin in its line.
  static double facts_at(const SceneNetwork& network) {
    return 30 + static_cast<double>(network.name.size()) * bold_pixels;
  }

  // Places the rows of cards; returns the height of all.
  double measure(std::size_t columns) {
    auto y = top_height;
    for (std::size_t i = 0; i < scene_.hosts.size(); i += columns) {
      double height = 0;
      for (std::size_t j = i; j < std::min(i + columns, scene_.hosts.size()); ++j)
        height = std::max(height, height_of(scene_.hosts[j]));
      row_tops_.push_back(y);
      row_heights_.push_back(height);
      y += height + drop() + gap;
    }
    const auto lines = std::min(scene_.networks.size(), legend_max + 1);
    return y + static_cast<double>(lines) * legend_line + margin / 2;
  }

  // Beneath the cards, a line that all their devices hang on; a trunk beside them where there are several rows.
  void paint_underlay(std::size_t columns) {
    if (!has_underlay()) return;
    const auto spine = width_ - padding;
    for (std::size_t row = 0; row < row_tops_.size(); ++row) {
      const auto count = std::min(columns, scene_.hosts.size() - row * columns);
      const auto last = margin + static_cast<double>(count - 1) * (width_ + gap) + spine;
      const auto first = row_tops_.size() > 1 ? margin / 2 : margin + spine;
      svg_.line("bus", first, bus_of(row), last, bus_of(row));
    }
    if (row_tops_.size() > 1) svg_.line("bus", margin / 2, bus_of(0), margin / 2, bus_of(row_tops_.size() - 1));
  }

  static std::string_view dot_class(Health health) { return health == Health::up ? "up" : "down"; }

  void paint_host(const SceneHost& host, const Box& card) {
    const auto spine = card.right() - padding;
    const bool is_down = host.health == Health::down;
    svg_.rectangle(is_down ? "card broken" : "card", card, 10);
    auto x = card.x + padding;
    if (host.health != Health::unknown) {
      svg_.circle(dot_class(host.health), x + 5, card.y + 22, 5);
      x += 18;
    }
    const auto switch_pixels = static_cast<double>(host.switch_name.size()) * small_pixels;
    svg_.text("name", x, card.y + 27, elide(host.name, spine - x - switch_pixels - 10, bold_pixels));
    svg_.text("small faint end", spine, card.y + 26, is_down ? "down" : host.switch_name);
    auto y = card.y + head_height;
    const auto device_top = card.bottom() - padding - box_height;
    for (const auto& bridge : host.bridges) {
      paint_bridge(bridge, card, y, device_top);
      y += height_of(bridge) + bridge_gap;
    }
    paint_device(host, spine, device_top);
    if (has_underlay()) svg_.line("bus", spine, device_top + box_height, spine, card.bottom() + bus_drop);
  }

  void paint_device(const SceneHost& host, double spine, double top) {
    auto text = host.device;
    for (const auto& address : host.addresses) text += " · " + address;
    text = elide(text, width_ - 2 * padding - 20, code_pixels);
    const auto box_width = static_cast<double>(characters(text)) * code_pixels + 20;
    svg_.rectangle("device", {spine + 6 - box_width, top, box_width, box_height}, 6);
    svg_.text("code end", spine - 4, top + 17.5, text);
  }

  void paint_bridge(const SceneBridge& bridge, const Box& card, double y, double device_top) {
    const auto spine = card.right() - padding;
    const Box box{card.x + padding, y, static_cast<double>(bridge.name.size()) * bold_pixels + 24, box_height};
    const auto middle = y + box_height / 2;
    if (!bridge.tunnel.empty()) {
      const auto text = tunnel_text(bridge);
      const auto tunnel_width = static_cast<double>(characters(text)) * code_pixels + 18;
      const Box tunnel{spine - spine_room + 2 - tunnel_width, y, tunnel_width, box_height};
      const bool is_down = bridge.tunnel_health == Health::down;
      svg_.line("wire", box.right(), middle, tunnel.x, middle);
      svg_.path(is_down ? "overlay broken" : "overlay",
                fmt::format("M {:g} {:g} H {:g} V {:g}", tunnel.right(), middle, spine, device_top));
      svg_.rectangle(is_down ? "tunnel broken" : "tunnel", tunnel, 6);
      svg_.text("code middle", tunnel.x + tunnel_width / 2, y + 17.5, text);
    }
    svg_.rectangle("bridge", box, 6);
    svg_.text("bold middle", box.x + box.width / 2, y + 17.5, bridge.name);
    const auto trunk = box.x + 14;
    auto last = box.bottom();
    y = box.bottom() + row_gap;
    for (const auto& endpoint : bridge.endpoints) {
      const Box row{box.x + row_indent, y, width_ - 2 * padding - row_indent - spine_room, height_of(endpoint)};
      last = y + row_height / 2;
      svg_.line("wire", trunk, last, row.x, last);
      paint_endpoint(endpoint, row);
      y = row.bottom() + row_gap;
    }
    if (bridge.more > 0) {
      last = y + row_height / 2;
      svg_.line("wire", trunk, last, box.x + row_indent, last);
      svg_.rectangle("folded", {box.x + row_indent, y, width_ - 2 * padding - row_indent - spine_room, row_height}, 6);
      svg_.text("faint", box.x + row_indent + 26, y + 18.5, fmt::format("… {} more", bridge.more));
    }
    if (last > box.bottom()) svg_.line("wire", trunk, box.bottom(), trunk, last);
  }

  void paint_endpoint(const SceneEndpoint& endpoint, const Box& row) {
    svg_.rectangle(endpoint.health == Health::down ? "row broken" : "row", row, 6);
    svg_.rectangle(fmt::format("net{}", endpoint.network % network_colours), {row.x, row.y, 5, row.height}, 2.5);
    auto x = row.x + 14;
    if (endpoint.health != Health::unknown) {
      svg_.circle(dot_class(endpoint.health), x + 3, row.y + row_height / 2, 4);
      x += 14;
    }
    const auto tag = tag_of(endpoint);
    const auto tag_pixels = tag.empty() ? 0 : static_cast<double>(tag.size()) * small_pixels + 10;
    const auto name = elide(endpoint.name, row.right() - 10 - address_pixels(endpoint) - tag_pixels - x, text_pixels);
    svg_.text("", x, row.y + 18.5, name);
    if (!tag.empty())
      svg_.text("small faint", x + static_cast<double>(characters(name)) * text_pixels + 8, row.y + 18.5, tag);
    auto y = row.y + 18.5;
    for (const auto& address : endpoint.addresses) {
      svg_.text("code end", row.right() - 10, y, address);
      y += second_line;
    }
  }

  void paint_legend(double page_height) {
    const auto lines = std::min(scene_.networks.size(), legend_max + 1);
    auto y = page_height - static_cast<double>(lines) * legend_line;
    for (std::size_t i = 0; i < scene_.networks.size(); ++i) {
      if (i == legend_max) {
        svg_.text("faint", margin + 20, y, fmt::format("… {} more networks", scene_.networks.size() - i));
        return;
      }
      const auto& network = scene_.networks[i];
      svg_.circle(fmt::format("net{}", i % network_colours), margin + 6, y - 4.5, 5);
      svg_.text("bold", margin + 20, y, network.name);
      svg_.text("faint", margin + facts_at(network), y, network.facts);
      y += legend_line;
    }
  }

  const Scene& scene_;
  SvgCanvas svg_;
  double width_;
  std::vector<double> row_tops_ = {}, row_heights_ = {};
};

}  // namespace

std::string to_svg(const Scene& scene) { return Painter(scene).paint(); }

}  // namespace weft::topology

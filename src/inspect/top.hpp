// weft top: how much each port receives and sends, a second.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/style.hpp"

namespace weft::inspect {

// From the switch's side: `rx` came in by the port, `tx` left by it.
struct Traffic {
  double rx_frames = 0, rx_bytes = 0, tx_frames = 0, tx_bytes = 0, dropped = 0;
};

struct PortTraffic {
  std::string port = {}, bridge = {};
  Traffic traffic = {};
};

struct TrafficSample {
  double time_s = 0;
  std::vector<PortTraffic> ports = {};  // Counters since the devices were made.
};

// Of weftd's answer to weft/ports.
TrafficSample read_traffic(const json::value& answer);

enum class TopOrder { bytes, frames, name };

// Rates, sample by sample. The order follows the rates slowly, so that the lines of a live screen stay where the eye
// left them unless something really changes.
class Top {
 public:
  explicit Top(TopOrder order) : order_(order) {}
  void take(const TrafficSample& sample);
  // A second; sorted.
  std::vector<PortTraffic> rates() const;
  bool has_rates() const { return count_ > 1; }

 private:
  struct State {
    std::string bridge;
    Traffic last, rate;
    double weight = 0;  // What the order goes by.
    std::size_t seen = 0;
  };
  TopOrder order_;
  double time_s_ = 0;
  std::size_t count_ = 0;
  std::map<std::string, State> ports_;
};

// A heading with the sums, then as many ports as fit into `height` lines, and how many do not.
std::vector<std::string> show_top(const std::vector<PortTraffic>& rates, const cli::Style& style, std::size_t height);

json::object top_json(double time_s, const std::vector<PortTraffic>& rates);

}  // namespace weft::inspect

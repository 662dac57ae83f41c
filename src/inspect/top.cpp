#include "inspect/top.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cli/grid.hpp"
#include "inspect/fields.hpp"
#include "inspect/quantity.hpp"

namespace weft::inspect {
namespace {

constexpr double share_of_new = 0.3;  // In the weight that the order goes by.
constexpr std::size_t bar_columns = 20;
constexpr std::size_t lines_around = 4;  // Headings, and what is said at the end.

Traffic read_counters(const json::object& port) {
  const auto rx = object_in(port, "rx");
  const auto tx = object_in(port, "tx");
  return {.rx_frames = number_in(rx, "frames"),
          .rx_bytes = number_in(rx, "bytes"),
          .tx_frames = number_in(tx, "frames"),
          .tx_bytes = number_in(tx, "bytes"),
          .dropped = number_in(rx, "dropped") + number_in(tx, "dropped")};
}

// A device that was made anew counts from 0.
double rate(double now, double before, double seconds) { return std::max(now - before, 0.0) / seconds; }

double bytes_of(const Traffic& traffic) { return traffic.rx_bytes + traffic.tx_bytes; }

Traffic sum_of(const std::vector<PortTraffic>& rates) {
  Traffic sum;
  for (const auto& port : rates) {
    sum.rx_frames += port.traffic.rx_frames;
    sum.rx_bytes += port.traffic.rx_bytes;
    sum.tx_frames += port.traffic.tx_frames;
    sum.tx_bytes += port.traffic.tx_bytes;
  }
  return sum;
}

// Nothing is a dot, so that the eye finds what is something.
std::string or_dot(double value, std::string text, const cli::Style& style) {
  return value > 0 ? std::move(text) : style.dim(style.dot());
}

}  // namespace

TrafficSample read_traffic(const json::value& answer) {
  TrafficSample sample;
  if (const auto* object = answer.if_object()) sample.time_s = number_in(*object, "time");
  for (const auto& port : objects_in(answer, "ports")) {
    sample.ports.push_back(
        {.port = text_in(port, "port"), .bridge = text_in(port, "bridge"), .traffic = read_counters(port)});
  }
  return sample;
}

void Top::take(const TrafficSample& sample) {
  ++count_;
  const auto seconds = std::max(sample.time_s - time_s_, 0.001);
  time_s_ = sample.time_s;
  for (const auto& [name, bridge, now] : sample.ports) {
    auto& state = ports_[name];
    const bool is_new = state.seen == 0;
    const auto& last = is_new ? now : state.last;
    state.rate = {.rx_frames = rate(now.rx_frames, last.rx_frames, seconds),
                  .rx_bytes = rate(now.rx_bytes, last.rx_bytes, seconds),
                  .tx_frames = rate(now.tx_frames, last.tx_frames, seconds),
                  .tx_bytes = rate(now.tx_bytes, last.tx_bytes, seconds),
                  .dropped = rate(now.dropped, last.dropped, seconds)};
    const auto load = order_ == TopOrder::frames ? state.rate.rx_frames + state.rate.tx_frames : bytes_of(state.rate);
    state.weight = state.weight == 0 ? load : state.weight + share_of_new * (load - state.weight);
    state.last = now;
    state.bridge = bridge;
    state.seen = count_;
  }
  std::erase_if(ports_, [&](const auto& port) { return port.second.seen != count_; });
}

std::vector<PortTraffic> Top::rates() const {
  std::vector<std::pair<double, PortTraffic>> weighed;
  for (const auto& [name, state] : ports_) {
    const auto weight = order_ == TopOrder::name ? 0 : -state.weight;
    weighed.push_back({weight, {.port = name, .bridge = state.bridge, .traffic = state.rate}});
  }
  std::ranges::stable_sort(weighed, {}, [](const auto& one) { return std::tuple(one.first, one.second.port); });
  std::vector<PortTraffic> rates;
  for (auto& [weight, port] : weighed) rates.push_back(std::move(port));
  return rates;
}

std::vector<std::string> show_top(const std::vector<PortTraffic>& rates, const cli::Style& style, std::size_t height) {
  const auto sum = sum_of(rates);
  std::vector<std::string> lines{
      fmt::format("{}   {} port{}   in {}, {} frames/s   out {}, {} frames/s", style.bold("weft top"), rates.size(),
                  rates.size() == 1 ? "" : "s", bits_text(sum.rx_bytes), count_text(sum.rx_frames),
                  bits_text(sum.tx_bytes), count_text(sum.tx_frames)),
      ""};
  double most = 0;
  for (const auto& port : rates) most = std::max(most, bytes_of(port.traffic));
  cli::Grid grid("llrrrrrl", "");
  grid.add({style.dim("port"), style.dim("bridge"), style.dim("in"), style.dim("frames/s"), style.dim("out"),
            style.dim("frames/s"), style.dim("lost/s"), ""});
  const auto shown = std::min(rates.size(), height > lines_around ? height - lines_around : std::size_t{1});
  for (const auto& [port, bridge, traffic] : std::span(rates).first(shown)) {
    const auto share = most > 0 ? bytes_of(traffic) / most : 0;
    grid.add({style.bold(port), bridge, or_dot(traffic.rx_bytes, bits_text(traffic.rx_bytes), style),
              or_dot(traffic.rx_frames, count_text(traffic.rx_frames), style),
              or_dot(traffic.tx_bytes, bits_text(traffic.tx_bytes), style),
              or_dot(traffic.tx_frames, count_text(traffic.tx_frames), style),
              traffic.dropped > 0 ? style.yellow(count_text(traffic.dropped)) : style.dim(style.dot()),
              style.green(style.bar(share, bar_columns))});
  }
  std::ranges::move(grid.lines(), std::back_inserter(lines));
  if (shown < rates.size()) lines.push_back(style.dim(fmt::format("... and {} more", rates.size() - shown)));
  return lines;
}

json::object top_json(double time_s, const std::vector<PortTraffic>& rates) {
  json::array ports;
  for (const auto& [port, bridge, traffic] : rates) {
    ports.push_back({{"port", port},
                     {"bridge", bridge},
                     {"rx-frames-per-second", traffic.rx_frames},
                     {"rx-bytes-per-second", traffic.rx_bytes},
                     {"tx-frames-per-second", traffic.tx_frames},
                     {"tx-bytes-per-second", traffic.tx_bytes},
                     {"dropped-per-second", traffic.dropped}});
  }
  return {{"time", time_s}, {"ports", std::move(ports)}};
}

}  // namespace weft::inspect

#include "prober/session.hpp"

#include <sched.h>
#include <unistd.h>

#include "base/system_error.hpp"
#include "prober/echo.hpp"
#include "prober/neighbours.hpp"
#include "prober/resolution.hpp"
#include "prober/schedule.hpp"

namespace weft::prober {
namespace {

constexpr std::size_t broadcasts_at_once = 8;  // Each comes back to all endpoints here.

// The probe of small packets whose answer a larger or longer conversation needs.
std::optional<Probe> first_step_of(Probe probe) {
  switch (probe) {
    case Probe::full4:
    case Probe::tcp4:
      return Probe::small4;
    case Probe::full6:
    case Probe::tcp6:
      return Probe::small6;
    default:
      return std::nullopt;
  }
}

const Row* row_of(const std::vector<Row>& rows, std::uint32_t endpoint) {
  const auto found = std::ranges::find(rows, endpoint, &Row::endpoint);
  return found != rows.end() ? &*found : nullptr;
}

}  // namespace

Result<> Session::run(const Command& command) {
  return std::visit([this](const auto& chosen) { return carry_out(chosen); }, command);
}

Result<> Session::carry_out(const Open& open) {
  close();
  run_ = open.run;
  all_ = open.endpoints;
  for (std::uint32_t number = 0; number < all_.size(); ++number) {
    if (all_[number].is_here()) here_.emplace_back(number, all_[number]);
  }
  has_neighbours_ = open.adds_neighbours;
  TRY(arrange_neighbours(open.adds_neighbours));
  flood_ = std::make_unique<Flood>(all_, run_);
  TRY(flood_->open(loop_, here_));
  listeners_ = std::make_unique<TcpListeners>(all_, run_);
  TRY(listeners_->open(loop_, here_));
  for (const auto& endpoint : here_) tell_(endpoint.found());
  return {};
}

// What an earlier verification left that was killed goes first.
Result<> Session::arrange_neighbours(bool adds_ours) {
  for (const auto& endpoint : here_) {
    if (!endpoint.is_usable()) continue;
    endpoint.enter();
    auto table = TRY(Neighbours::open(endpoint.device_index()));
    TRY(table.remove_ours());
    if (!adds_ours) continue;
    std::vector<Neighbours::Neighbour> all;
    for (const auto probe : {Probe::small4, Probe::small6}) {
      for (const auto other : targets(all_, endpoint.number(), probe)) {
        all.push_back({is_ipv6(probe) ? *all_[other].address6 : *all_[other].address4, all_[other].mac});
      }
    }
    TRY(table.add(all));
  }
  return {};
}

Result<> Session::carry_out(const Ports& ports) {
  if (ports.tcp4.size() != all_.size() || ports.tcp6.size() != all_.size()) {
    return fail("bad command", fmt::format("there are {} endpoints, and each needs a port", all_.size()));
  }
  for (std::size_t i = 0; i < all_.size(); ++i) {
    all_[i].tcp_port4 = ports.tcp4[i];
    all_[i].tcp_port6 = ports.tcp6[i];
  }
  return {};
}

Result<> Session::carry_out(const Broadcast& broadcast) {
  if (!flood_) return {};
  std::size_t sent = 0;
  for (const auto from : broadcast.from) {
    flood_->broadcast(from);
    if (++sent % broadcasts_at_once == 0) loop_.drain();
  }
  return {};
}

Result<> Session::carry_out(const TellHeard&) {
  loop_.drain();
  if (!flood_) return {};
  for (const auto& row : flood_->heard()) tell_(row);
  return {};
}

Questions Session::questions_of(Probe probe) const {
  Questions questions(probe, all_.size());
  const auto first_step = first_step_of(probe);
  const auto known = first_step ? small_rows_.find(*first_step) : small_rows_.end();
  for (const auto& endpoint : here_) {
    auto to = targets(all_, endpoint.number(), probe);
    const auto* row = known != small_rows_.end() ? row_of(known->second, endpoint.number()) : nullptr;
    if (row != nullptr) {
      std::erase_if(to, [&](std::uint32_t other) { return !is_answer(static_cast<Outcome>(row->outcomes[other])); });
    }
    questions.add(endpoint.number(), to);
  }
  return questions;
}

Result<> Session::carry_out(const Ask& ask) {
  auto questions = questions_of(ask.probe);
  switch (ask.probe) {
    case Probe::resolve4:
    case Probe::resolve6:
      if (flood_) ask_for_neighbours(loop_, all_, *flood_, questions);
      break;
    case Probe::tcp4:
    case Probe::tcp6:
      TRY(ask_by_tcp(loop_, all_, run_, here_, questions));
      break;
    default: {
      // Others of this machine may send echoes, too, and we several kinds.
      const auto identifier = static_cast<std::uint16_t>(run_ + ++echoes_);
      TRY(ask_by_echo(loop_, all_, here_, questions, identifier));
    }
  }
  const auto rows = questions.rows();
  if (ask.probe == Probe::small4 || ask.probe == Probe::small6) small_rows_[ask.probe] = rows;
  for (const auto& row : rows) tell_(row);
  return {};
}

Result<> Session::carry_out(const Capture& capture) {
  if (::setns(host_.get(), CLONE_NEWNET) != 0) return fail_with_errno("cannot go back to the host's network");
  return taps_.emplace_back(capture.udp_port, run_).open(loop_, capture.device);
}

Result<> Session::carry_out(const SendFrame& send) {
  if (flood_) flood_->send(send.from, send.to, send.frame_bytes);
  return {};
}

Result<> Session::carry_out(const TellCaptured&) {
  loop_.drain();
  for (const auto& tap : taps_) {
    for (const auto& captured : tap.captured()) tell_(captured);
  }
  return {};
}

Result<> Session::carry_out(const Close&) {
  close();
  return {};
}

void Session::close() {
  // That one of them cannot be removed is no reason to leave the others.
  for (const auto& endpoint : here_) {
    if (!has_neighbours_ || !endpoint.is_usable()) continue;
    endpoint.enter();
    if (auto table = Neighbours::open(endpoint.device_index())) [[maybe_unused]]
      const auto removed = table->remove_ours();
  }
  has_neighbours_ = false;
  taps_.clear();
  listeners_.reset();
  flood_.reset();
  here_.clear();
  small_rows_.clear();
}

}  // namespace weft::prober

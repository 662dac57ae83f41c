// One verification as a prober sees it: what is open in the endpoints between the commands.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "prober/flood.hpp"
#include "prober/protocol.hpp"
#include "prober/tcp.hpp"
#include "prober/underlay_tap.hpp"

namespace weft::prober {

class Session {
 public:
  using Tell = std::function<void(const Report&)>;

  // `host`: the network namespace that we came from.
  Session(Loop& loop, const UniqueFd& host, Tell tell) : loop_(loop), host_(host), tell_(std::move(tell)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { close(); }

  // Carries it out and tells all but the last word.
  Result<> run(const Command& command);

 private:
  Result<> carry_out(const Open& open);
  Result<> carry_out(const Ports& ports);
  Result<> carry_out(const Broadcast& broadcast);
  Result<> carry_out(const TellHeard&);
  Result<> carry_out(const Ask& ask);
  Result<> carry_out(const Capture& capture);
  Result<> carry_out(const SendFrame& send);
  Result<> carry_out(const TellCaptured&);
  Result<> carry_out(const Close&);

  Questions questions_of(Probe probe) const;
  Result<> arrange_neighbours(bool adds_ours);
  void close();

  Loop& loop_;
  const UniqueFd& host_;
  Tell tell_;
  RunId run_ = 0;
  Endpoints all_;
  LocalEndpoints here_;
  bool has_neighbours_ = false;
  std::unique_ptr<Flood> flood_;
  std::unique_ptr<TcpListeners> listeners_;
  std::deque<UnderlayTap> taps_;  // Watched: they must not move.
  // Rows of small packets: whom those don't reach is asked no more.
  std::map<Probe, std::vector<Row>> small_rows_;
  std::uint16_t echoes_ = 0;
};

}  // namespace weft::prober

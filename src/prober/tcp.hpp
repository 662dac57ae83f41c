// TCP between the endpoints: each listens, and greets who connects with more than one packet holds; so what only goes
// wrong with data, segments or checksums is seen, too.
#pragma once

#include <deque>

#include "prober/local_endpoint.hpp"
#include "prober/loop.hpp"
#include "prober/questions.hpp"
#include "prober/test_frame.hpp"

namespace weft::prober {

class TcpListeners {
 public:
  TcpListeners(const Endpoints& all, RunId run) : all_(all), run_(run) {}
  // Listens in all endpoints at ports that are free, and tells them. Errors: a socket cannot be opened.
  Result<> open(Loop& loop, LocalEndpoints& here);

 private:
  class Listener final : public Watcher {
   public:
    explicit Listener(std::string greeting) : greeting_(std::move(greeting)) {}
    // In the namespace that we are in. The port; 0 where the family does not exist.
    Result<std::uint16_t> open(Loop& loop, bool is_ipv6);
    void ready(std::uint32_t events) override;

   private:
    UniqueFd socket_;
    std::string greeting_;
  };
  const Endpoints& all_;
  RunId run_;
  std::deque<Listener> listeners_;  // Watched: they must not move.
};

// Ends the questions of Probe::tcp4 or tcp6 as far as they are answered: as mistaken where somebody else greets, of a
// guest by any connection or reset. `all` has the ports. Errors: a socket cannot be opened.
Result<> ask_by_tcp(Loop& loop, const Endpoints& all, RunId run, const LocalEndpoints& here, Questions& questions);

}  // namespace weft::prober

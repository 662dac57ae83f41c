// weftd at work: the database server, the reconciler, the kernel and the
// timers, in one loop on one thread.
#pragma once

#include <memory>

#include "apps/weftd_options.hpp"
#include "base/error.hpp"

namespace weft {

class Daemon {
 public:
  // Opens everything and brings the kernel to the database once. Afterwards the
  // switch works and clients can connect. An error: what could not be had, and
  // what to do about it; then nothing runs.
  static Result<std::unique_ptr<Daemon>> start(const WeftdOptions& options);
  ~Daemon();

  // Until TERM, INT, HUP or the command exit. Then the clients are cut off; the network keeps running,
  // but where there is no bridge nothing stays in the kernel.
  void run();

 private:
  class Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft

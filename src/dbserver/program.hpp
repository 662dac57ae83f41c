// ovsdb-server at work: its databases, remotes, control socket and command, in one loop on one thread.
#pragma once

#include <memory>

#include "dbserver/memory.hpp"
#include "dbserver/options.hpp"

namespace weft::dbserver {

class Program {
 public:
  // Opens the databases and remotes that `memory` tells. Afterwards clients can connect. An error: what cannot be had;
  // then nothing runs. `memory` must outlive the program.
  static Result<std::unique_ptr<Program>> start(const Options& options, Memory& memory);
  ~Program();

  // Until ovs-appctl says exit, the command ends, or a signal comes. The result: the signal, or 0. Error: that of the
  // command.
  Result<int> run();

 private:
  class Parts;
  explicit Program(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft::dbserver

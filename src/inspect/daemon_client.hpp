// Asks weftd through its control socket; its answers are JSON.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "jsonrpc/client.hpp"

namespace weft::inspect {

// The switch answers at once; who waits longer than this would wait in vain.
inline constexpr std::chrono::seconds answer_within{10};

class DaemonClient {
 public:
  // Where OVS_RUNDIR says, else where Open vSwitch has it. Errors tell what to do.
  static Result<DaemonClient> connect();

  // Errors: what weftd says is wrong, and that it is gone.
  Result<json::value> ask(const std::string& command, std::span<const std::string> arguments);

 private:
  explicit DaemonClient(jsonrpc::Client client) : client_(std::move(client)) {}
  jsonrpc::Client client_;
};

}  // namespace weft::inspect

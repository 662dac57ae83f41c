#include "daemon/replay_options.hpp"

namespace weft::daemon {
namespace {

constexpr option long_options[] = {
    {"record", optional_argument, nullptr, id_record},
    {"replay", optional_argument, nullptr, id_replay},
};

}  // namespace

std::span<const option> replay_options() { return long_options; }

Result<> refuse_replay_option(int id) {
  if (id == id_record)
    return fail("not supported",
                "--record is not supported; -vjsonrpc:file:dbg with --log-file logs every message that comes and goes");
  if (id == id_replay)
    return fail("not supported", "--replay is not supported; only the Open vSwitch that recorded a run can repeat it");
  return {};
}

}  // namespace weft::daemon

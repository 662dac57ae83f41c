// --record and --replay of ovsdb-server(1) and ovsdb-client(1): known, and refused with what serves instead. A
// recording is the private format of one version of Open vSwitch, made to repeat a run of that version step by step.
#pragma once

#include <getopt.h>

#include <span>

#include "base/error.hpp"

namespace weft::daemon {

enum ReplayOption { id_record = 1200, id_replay };

std::span<const option> replay_options();

// "not supported" if `id` is one of them.
Result<> refuse_replay_option(int id);

}  // namespace weft::daemon

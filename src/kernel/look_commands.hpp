// weft/ports, weft/drops, weft/trace of a running switch, which weft(1) asks; their answers are JSON.
#pragma once

#include "kernel/kernel_host.hpp"
#include "unixctl/command_table.hpp"

namespace weft::kernel {

// `host` outlives the table.
void add_look_commands(unixctl::CommandTable& table, KernelHost& host);

}  // namespace weft::kernel

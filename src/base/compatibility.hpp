// Which Open vSwitch the programs stand in for.
#pragma once

namespace weft {

// The version whose commands, schema and behaviour are ours too: clients decide by it what they may use.
inline constexpr const char* compatible_ovs_version = "3.1.0";

}  // namespace weft

// The Open_vSwitch database schema, version 8.3.1 (ovs-vswitchd.conf.db(5)), as JSON text (RFC 7047 section 3.2).
//
// It is part of the program, so a host needs no schema file. The text is schema/vswitch.ovsschema, put in by the build.
#pragma once

#include <string_view>

namespace weft {

// Lives as long as the program. It has no "cksum": that member guards a file against editing by accident, and an own
// value would only tell our spelling of the same tables from Open vSwitch's.
std::string_view vswitch_schema();

}  // namespace weft

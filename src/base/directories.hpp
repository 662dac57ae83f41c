// Where Open vSwitch's programs keep their files, as ovs-ctl(8) and the environment say.
#pragma once

#include <string>
#include <string_view>

namespace weft {

std::string run_directory();       // OVS_RUNDIR, else /var/run/openvswitch
std::string log_directory();       // OVS_LOGDIR, else /var/log/openvswitch
std::string database_directory();  // OVS_DBDIR, else openvswitch in OVS_SYSCONFDIR, else in /etc

// `path`, in `directory` unless it is absolute.
std::string resolve_in(const std::string& directory, std::string_view path);
// As resolve_in() the working directory: for what must outlive a chdir().
std::string absolute_path(std::string_view path);

}  // namespace weft

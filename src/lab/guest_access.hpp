// The way into a virtual machine of the lab: its serial console, as its object's facts tell it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hosts/place.hpp"
#include "lab/object.hpp"

namespace weft::lab {

// Run on the machine's host, both: the console for people, and a script that runs a command in the guest, prints what
// both of its streams say, and has its exit status; 255 where it could not be run.
std::vector<std::string> console_words(const Object& machine);
std::string guest_script(const Object& machine, std::string_view command);

// Runs it, on the machine's host. What the command printed, whatever its status. Errors: the host or the guest cannot
// be asked.
Result<std::string> ask_in_guest(const Object& machine, hosts::Place place, std::string_view command);

}  // namespace weft::lab

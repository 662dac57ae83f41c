// --timeout: the process ends by SIGALRM, which callers of ovs-vsctl and ovsdb-client take for a timeout, and says what
// it was doing.
#pragma once

namespace weft::cli {

// `program`: its name, a string literal.
void set_alarm(const char* program, unsigned seconds);
// `activity`: a string literal.
void set_activity(const char* activity);

}  // namespace weft::cli

// --timeout: the process ends by SIGALRM, which callers of ovs-vsctl take for a timeout, and says what it was doing.
#pragma once

namespace weft::vsctl {

void set_alarm(unsigned seconds);
// `activity`: a string literal.
void set_activity(const char* activity);

}  // namespace weft::vsctl

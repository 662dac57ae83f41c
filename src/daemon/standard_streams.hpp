// What a process in the background does with the streams of whoever called it.
#pragma once

namespace weft::daemon {

// They are /dev/null from now on, and nothing is logged to the console.
void close_standard_streams();

}  // namespace weft::daemon

// traffic: packets from one network namespace to another, and how many arrived, as a line of JSON. It uses nothing of
// Weft's own code, so that it measures all alike.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <vector>

#include "bench/program.hpp"
#include "relay.hpp"
#include "works.hpp"

namespace {

constexpr const char* usage =
    "usage: traffic tcp|ping-pong|udp|segments|blast FROM_NETNS TO_NETNS TO_ADDRESS SECONDS\n"
    "       traffic counted FROM_NETNS TO_NETNS TO_ADDRESS    until the standard input ends\n"
    "       traffic relay HOST_NETNS TAP GUEST_NETNS          until the standard input ends\n"
    "The device at each end is eth0.\n";

using Work = bench::Rate (*)(const bench::Run&);

const std::map<std::string, Work> works{{"tcp", bench::tcp_stream},
                                        {"ping-pong", bench::udp_ping_pong},
                                        {"udp", bench::udp_packets},
                                        {"segments", bench::udp_segments},
                                        {"blast", static_cast<Work>(bench::raw_blast)}};

bool is_input_over() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return ::poll(&input, 1, 0) > 0;
}

void counted(const bench::Run& run) {
  const auto delivered = bench::udp_counted(run, is_input_over);
  std::printf("{\"sent\": %llu, \"received\": %llu}\n", static_cast<unsigned long long>(delivered.sent),
              static_cast<unsigned long long>(delivered.received));
}

int run(const std::vector<std::string>& words) {
  const auto found = words.empty() ? works.end() : works.find(words[0]);
  if (words.size() == 4 && words[0] == "relay") {
    bench::relay(bench::Endpoint(words[1]), words[2], bench::Endpoint(words[3]));
  } else if (words.size() == 4 && words[0] == "counted") {
    counted({bench::Endpoint(words[1]), bench::Endpoint(words[2]), words[3], {}});
  } else if (words.size() == 5 && found != works.end()) {
    const std::chrono::duration<double> window(std::stod(words[4]));
    const auto rate = found->second({bench::Endpoint(words[1]), bench::Endpoint(words[2]), words[3], window});
    std::printf("{\"per_second\": %.1f, \"cpu_ns\": %.6g}\n", rate.per_second, rate.cpu_ns);
  } else {
    throw std::runtime_error(usage);
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("traffic", [&] { return run({argv + 1, argv + argc}); });
}

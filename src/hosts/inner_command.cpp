#include "hosts/inner_command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "hosts/console.hpp"
#include "hosts/guest_command.hpp"
#include "hosts/guest_image.hpp"
#include "hosts/send_file.hpp"
#include "hosts/simulated_host.hpp"

namespace weft::hosts {
namespace {

int end_host(const std::string& directory) {
  auto host = SimulatedHost::find(directory);
  const auto ended = host ? host->stop() : Result<>();
  if (!ended) fmt::print(stderr, "weft: {}\n", ended.error().details);
  return ended ? 0 : 1;
}

}  // namespace

std::optional<int> run_inner_command(const std::vector<std::string>& arguments) {
  const auto is = [&](std::string_view word, std::size_t size) {
    return arguments.size() == size && arguments.front() == word;
  };
  if (is(init_word, 4)) run_host_init(arguments[1], arguments[2], arguments[3]);
  if (is(end_word, 2)) return end_host(arguments[1]);
  if (is(console_word, 3)) return run_console(arguments[1], arguments[2]);
  if (is(guest_run_word, 3)) return run_guest_command(arguments[1], arguments[2]);
  if (is(guest_image_word, 2)) return build_guest_image(arguments[1]);
  if (is(send_word, 4)) return send_file(arguments[1], arguments[2], arguments[3]);
  return std::nullopt;
}

}  // namespace weft::hosts

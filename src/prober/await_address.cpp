#include "prober/await_address.hpp"

#include <fmt/format.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/system_error.hpp"
#include "prober/answer_filter.hpp"
#include "prober/frame_socket.hpp"
#include "prober/test_frame.hpp"

namespace weft::prober {
namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds between_questions{200};
// A guest that was silent for so long has lost its address again: some questions may be lost where it is slow.
constexpr seconds gap_max{1};

// The device's own, which no guest has.
Result<MacAddress> mac_of(const std::string& device) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  device.copy(request.ifr_name, sizeof request.ifr_name - 1);
  if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0)
    return fail_with_errno(fmt::format("cannot look at {}", device));
  std::array<std::uint8_t, 6> bytes{};
  std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
  return MacAddress(bytes);
}

// Hears how the guest answers.
class Ear final : public FrameSocket {
 public:
  explicit Ear(const IpAddress& address) : address_(address) {}

  bool has_answered_for(seconds time) const { return first_ && latest_ - *first_ >= time; }

 private:
  void take(ByteView frame, bool) override {
    const auto answer = decode_answer(frame);
    if (!answer || answer->address != address_) return;
    const auto now = Clock::now();
    if (!first_ || now - latest_ > gap_max) first_ = now;
    latest_ = now;
  }

  IpAddress address_;
  std::optional<Clock::time_point> first_;  // Since when it answers without a gap.
  Clock::time_point latest_;
};

Endpoint endpoint(const MacAddress& mac, const IpAddress& address) {
  Endpoint result{.mac = mac};
  (address.is_v4() ? result.address4 : result.address6) = address;
  return result;
}

Result<bool> await(const std::string& device, const IpAddress& address, const IpAddress& asker, seconds settle,
                   seconds limit) {
  const auto question = encode_question(endpoint(TRY(mac_of(device)), asker), endpoint({}, address), !address.is_v4());
  auto loop = TRY(Loop::create());
  Ear ear(address);
  TRY(ear.open(loop, static_cast<int>(::if_nametoindex(device.c_str())), FrameSocket::Content::frames, answer_filter));
  const auto deadline = Clock::now() + limit;
  while (!ear.has_answered_for(settle) && Clock::now() < deadline && !loop.is_stopped()) {
    ear.send(question);
    const auto next = Clock::now() + between_questions;
    while (loop.turn(next) && !ear.has_answered_for(settle)) {
    }
  }
  return ear.has_answered_for(settle);
}

std::optional<seconds> parse_seconds(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return seconds(value);
}

}  // namespace

std::optional<int> await_address(const std::vector<std::string>& arguments) {
  if (arguments.size() != 6 || arguments[0] != await_address_word) return std::nullopt;
  const auto address = IpAddress::parse(arguments[2]), asker = IpAddress::parse(arguments[3]);
  const auto settle = parse_seconds(arguments[4]), limit = parse_seconds(arguments[5]);
  if (!address || !asker || address->is_v4() != asker->is_v4() || !settle || !limit) return std::nullopt;
  const auto has_it = await(arguments[1], *address, *asker, *settle, *limit);
  if (!has_it) fmt::print(stderr, "weft: {}\n", has_it.error().details);
  return has_it && *has_it ? 0 : 1;
}

}  // namespace weft::prober

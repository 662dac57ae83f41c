#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "kernel/links.hpp"

namespace weft::kernel {

SpeedReader::SpeedReader() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

void SpeedReader::read(const std::string& name, model::Link& link) const {
  ethtool_cmd settings{};
  settings.cmd = ETHTOOL_GSET;
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&settings);
  if (!socket_ || ::ioctl(socket_.get(), SIOCETHTOOL, &request) != 0) return;
  const auto speed_mbps = ethtool_cmd_speed(&settings);
  if (speed_mbps == 0 || speed_mbps == static_cast<std::uint32_t>(SPEED_UNKNOWN)) return;
  link.speed_bps = speed_mbps * std::uint64_t{1'000'000};
  link.full_duplex = settings.duplex == DUPLEX_FULL;
}

}  // namespace weft::kernel

// Frames from whoever is behind a port, to every service: an answer is one that such a service gives, and what it has
// granted is written down and read again.
#include <fmt/format.h>

#include "base/check.hpp"
#include "services/dhcp4_server.hpp"
#include "services/dhcp6_server.hpp"
#include "services/lease_text.hpp"
#include "services/router.hpp"
#include "services/test_network.hpp"
#include "wire/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::services;
  auto network = test_network();
  network.add_tunnel("vxlan0");
  LeaseBook leases;
  Inquiries inquiries;
  const auto request = request_of(1, {data, size});
  const auto dhcp4 = answer_dhcp4(request, network, leases, inquiries);
  CHECK(dhcp4.frame.empty() || weft::decode_dhcp4(weft::decode_datagram(dhcp4.frame)->payload));
  const auto dhcp6 = answer_dhcp6(request, network, leases);
  CHECK(dhcp6.frame.empty() || weft::decode_datagram(dhcp6.frame));
  (void)answer_router_solicitation(request, network);
  const auto heard = hear_probe(request, network, leases, inquiries);
  CHECK(heard.frame.empty() || weft::decode_frame(heard.frame));
  CHECK(read_leases(to_text(leases.leases())).leases.size() == leases.size());
  return 0;
}

#include "apps/services.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "apps/held_requests.hpp"
#include "apps/lease_file.hpp"
#include "apps/metadata_service.hpp"
#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "model/served.hpp"
#include "services/dhcp4_server.hpp"
#include "services/dhcp6_server.hpp"
#include "services/instance.hpp"
#include "services/lease_status.hpp"
#include "services/router.hpp"

namespace weft {
namespace {

const LogModule log("services");
LogLimit trouble_limit(20, 20);

namespace asio = boost::asio;
using boost::system::error_code;
using services::NetworkKey;

constexpr std::chrono::seconds save_delay(1);  // Of leases: those of a moment are written at once.
constexpr std::chrono::seconds sweep_interval(5);

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

class Services::Parts {
 public:
  Parts(asio::io_context& loop, const Subjects& subjects)
      : loop_(loop),
        subjects_(subjects),
        leases_(read_lease_file(subjects.lease_file)),
        requests_(loop, subjects.host.requests_fd()),
        held_(loop, [this](const auto& asked) { take(asked); }),
        save_timer_(loop),
        sweep_timer_(loop),
        router_timer_(loop),
        metadata_(loop, {.send = [this](const auto& to, auto frame) { send(to.device, to.network.vlan, frame); },
                         .answer = [this](const auto& asker, auto method,
                                          auto target) { return answer_metadata(asker, method, target); }}) {}
  ~Parts() { requests_.release(); }  // The host owns it.

  void start() {
    for (const auto* lease : leases_.leases()) told_.insert(lease->device);
    is_started_ = true;
    note_pass();
    await_requests();
    sweep();
    advertise_routers();
  }

  void note_pass() {
    if (!is_started_ || version_ == subjects_.reconciler.desired_version()) return;
    version_ = subjects_.reconciler.desired_version();
    networks_.clear();
    const auto& desired = subjects_.reconciler.desired();
    std::erase_if(told_, [&](const auto& device) {
      if (desired.devices.contains(device)) return false;
      leases_.leave(device);
      subjects_.reconciler.set_guest_status(device, {});
      return true;
    });
    const auto is_gone = [&](const NetworkKey& key) { return !desired.bridges.contains(key.bridge); };
    if (leases_.forget_networks(is_gone)) schedule_save();
    open_metadata();
    if (served_ == desired.networks) return;
    withdraw_routers(std::exchange(served_, desired.networks));
    for (const auto& device : told_) tell(device);
    advertise_routers();
  }

  void stop() {
    save_timer_.cancel();
    if (is_unsaved_) save();
    held_.forget_all();
    metadata_.close();
  }

  const services::LeaseBook& leases() const { return leases_; }

 private:
  // --- requests -------------------------------------------------------------------------------------------------

  void await_requests() {
    requests_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (!error) take_requests();
    });
  }

  void take_requests() {
    const bool may_be_more = subjects_.host.take_requests([this](const kernel::ServiceRequest& asked) { take(asked); });
    if (!may_be_more) return await_requests();
    asio::post(loop_, [this] { take_requests(); });  // Others have their turns in between.
  }

  void take(const kernel::ServiceRequest& asked) {
    const services::Request request{.key = {.bridge = asked.bridge, .vlan = asked.vlan},
                                    .device = asked.device,
                                    .frame = asked.frame,
                                    .now_ms = now_ms()};
    const auto* network = find_network(request.key);
    if (network == nullptr) return;
    if (asked.service == WEFT_SERVICE_METADATA) return metadata_.take(request);
    const auto answer = answer_of(asked.service, request, *network);
    if (!answer.trouble.empty()) log.limited(trouble_limit, LogLevel::warning, "{}", answer.trouble);
    if (!answer.frame.empty()) send(asked.device, asked.vlan, answer.frame);
    if (!answer.inquiry.empty()) {
      for (const auto& tunnel : network->tunnels()) send(tunnel, asked.vlan, answer.inquiry);
    }
    if (answer.wait_ms != 0) held_.hold(asked, std::chrono::milliseconds(answer.wait_ms));
    if (!answer.has_changed_leases) return;
    const auto& device = answer.changed_device.empty() ? asked.device : answer.changed_device;
    told_.insert(device);
    tell(device);
    schedule_save();
  }

  services::Answer answer_of(weft_service service, const services::Request& request, const services::Network& network) {
    switch (service) {
      case WEFT_SERVICE_DHCP4:
        return answer_dhcp4(request, network, leases_, inquiries_);
      case WEFT_SERVICE_DHCP6:
        return answer_dhcp6(request, network, leases_);
      case WEFT_SERVICE_ROUTER:
        // The host's own addresses are no guest's affair.
        if (request.device == request.key.bridge) return {};
        return answer_router_solicitation(request, network);
      case WEFT_SERVICE_PROBE:
        return hear_probe(request, network, leases_, inquiries_);
      default:
        return {};
    }
  }

  void send(const std::string& device, std::uint16_t vlan, ByteView frame) {
    if (const auto sent = subjects_.host.send_frame(device, vlan, frame); !sent) {
      log.limited(trouble_limit, LogLevel::warning, "{}", sent.error().details);
    }
  }

  // Null: it serves nothing any more. Until the next change.
  const services::Network* find_network(const NetworkKey& key) {
    if (const auto known = networks_.find(key); known != networks_.end()) return &known->second;
    const auto& desired = subjects_.reconciler.desired();
    const auto bridge = desired.networks.find(key.bridge);
    if (bridge == desired.networks.end()) return nullptr;
    const auto served = bridge->second.find(key.vlan);
    if (served == bridge->second.end()) return nullptr;
    services::Network network(served->second, tunnel_mtu_bytes(key.bridge));
    for (const auto& [device, guest] : desired.guests) {
      const auto behind = desired.devices.find(device);
      if (behind != desired.devices.end() && behind->second.bridge == key.bridge) network.add_guest(device, guest);
    }
    for (const auto& [ifindex, port] : subjects_.host.observed().ports) {
      const bool is_tunnel = port.leads_elsewhere && !port.device.empty() && port.bridge == key.bridge;
      if (is_tunnel && model::carries(port.port.vlan, key.vlan)) network.add_tunnel(port.device);
    }
    return &networks_.emplace(key, std::move(network)).first->second;
  }

  // Of the bridge's narrowest tunnel; 0: there is none.
  std::uint32_t tunnel_mtu_bytes(const std::string& bridge) const {
    std::uint32_t least = 0;
    for (const auto& [ifindex, port] : subjects_.host.observed().ports) {
      if (port.bridge != bridge || port.mtu_bytes == 0) continue;
      least = least == 0 ? port.mtu_bytes : std::min<std::uint32_t>(least, port.mtu_bytes);
    }
    return least;
  }

  // --- leases ---------------------------------------------------------------------------------------------------

  void tell(const std::string& device) {
    subjects_.reconciler.set_guest_status(device, services::lease_status(leases_.leases_of(device)));
  }

  void schedule_save() {
    if (std::exchange(is_unsaved_, true)) return;
    save_timer_.expires_after(save_delay);
    save_timer_.async_wait([this](error_code error) {
      if (!error) save();
    });
  }

  void save() {
    is_unsaved_ = false;
    const auto saved = write_lease_file(subjects_.lease_file, leases_);
    if (!saved) log.limited(trouble_limit, LogLevel::error, "leases are not kept: {}", saved.error().details);
  }

  // What tunnels carry may be otherwise by now, too.
  void sweep() {
    if (!leases_.forget_ended(now_ms() / 1000).empty()) schedule_save();
    for (const auto& device : told_) tell(device);
    networks_.clear();
    sweep_timer_.expires_after(sweep_interval);
    sweep_timer_.async_wait([this](error_code error) {
      if (!error) sweep();
    });
  }

  // --- routers --------------------------------------------------------------------------------------------------

  using Networks = std::map<std::string, std::map<std::uint16_t, model::ServedNetwork>>;

  // To every port of bridges that serve IPv6 where guests may be: what is said there in a network.
  void tell_ports(const Networks& networks, const std::function<Bytes(const std::string& device, const NetworkKey& key,
                                                                      const model::ServedNetwork& served)>& say) {
    for (const auto& [ifindex, port] : subjects_.host.observed().ports) {
      const auto of_bridge = networks.find(port.bridge);
      const bool has_guests = !port.device.empty() && port.device != port.bridge && !port.leads_elsewhere;
      if (of_bridge == networks.end() || !has_guests) continue;
      for (const auto& [vlan, served] : of_bridge->second) {
        if (!served.subnet6 || !model::carries(port.port.vlan, vlan)) continue;
        const auto frame = say(port.device, {.bridge = port.bridge, .vlan = vlan}, served);
        if (!frame.empty()) send(port.device, vlan, frame);
      }
    }
  }

  // Of what is served no more, or by another prefix or router.
  void withdraw_routers(const Networks& before) {
    tell_ports(before, [this](const auto& device, const auto& key, const auto& served) {
      const auto* network = find_network(key);
      const bool is_as_before = network != nullptr && network->served().subnet6 == served.subnet6 &&
                                network->served().router6 == served.router6;
      return is_as_before ? Bytes() : services::withdraw_router(device, services::Network(served, 0));
    });
  }

  // Again after a while.
  void advertise_routers() {
    tell_ports(subjects_.reconciler.desired().networks, [this](const auto& device, const auto& key, const auto&) {
      const auto* network = find_network(key);
      return network == nullptr ? Bytes() : services::advertise_router(device, *network);
    });
    router_timer_.expires_after(std::chrono::seconds(services::advertisement_interval_s));
    router_timer_.async_wait([this](error_code error) {
      if (!error) advertise_routers();
    });
  }

  // --- metadata -------------------------------------------------------------------------------------------------

  // Once, when the first network has it; then it stays, as few bytes do.
  void open_metadata() {
    const auto has_metadata = [](const auto& bridge) {
      return std::ranges::any_of(bridge.second, [](const auto& vlan) { return vlan.second.has_metadata; });
    };
    if (metadata_.is_open() || !std::ranges::any_of(subjects_.reconciler.desired().networks, has_metadata)) return;
    if (const auto opened = metadata_.open(); !opened) {
      log.limited(trouble_limit, LogLevel::error, "no metadata for guests: {}", opened.error().details);
    }
  }

  services::MetadataAnswer answer_metadata(const services::Asker& asker, std::string_view method,
                                           std::string_view target) {
    const auto* network = find_network(asker.network);
    if (network == nullptr || !network->served().has_metadata) return {.status = 404};
    return services::answer_metadata(method, target, services::instance_of(asker, *network, leases_));
  }

  asio::io_context& loop_;
  const Subjects subjects_;
  services::LeaseBook leases_;
  services::Inquiries inquiries_;
  std::set<std::string> told_;                        // Devices whose leases stand in their status.
  Networks served_;                                   // As of the last pass.
  std::map<NetworkKey, services::Network> networks_;  // Made of that, and of the guests, where they were asked for.
  std::uint64_t version_ = 0;                         // Of what is desired.
  bool is_started_ = false, is_unsaved_ = false;
  asio::posix::stream_descriptor requests_;
  HeldRequests held_;
  asio::steady_timer save_timer_, sweep_timer_, router_timer_;
  MetadataService metadata_;
};

Services::Services(asio::io_context& loop, const Subjects& subjects)
    : parts_(std::make_unique<Parts>(loop, subjects)) {}
Services::~Services() = default;

void Services::start() { parts_->start(); }
void Services::note_pass() { parts_->note_pass(); }
void Services::stop() { parts_->stop(); }

Result<std::string> Services::describe_leases(const std::string& bridge) const {
  return services::lease_table(parts_->leases().leases(), bridge);
}

}  // namespace weft

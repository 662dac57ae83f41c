#include "kernel/tc_filter.hpp"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <cerrno>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

// libbpf wants padding to be zero too: hence (), not {}.
bpf_tc_hook hook_of(int ifindex, bpf_tc_attach_point point) {
  auto hook = bpf_tc_hook();
  hook.sz = sizeof hook;
  hook.ifindex = ifindex;
  hook.attach_point = point;
  return hook;
}

bpf_tc_opts options_of(const FilterPlace& place) {
  auto options = bpf_tc_opts();
  options.sz = sizeof options;
  options.handle = place.handle;
  options.priority = place.priority;
  return options;
}

bpf_tc_attach_point attach_point_of(const FilterPlace& place) {
  return place.side == FilterSide::ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
}

constexpr std::uint32_t clsact_side(FilterSide side) {
  return TC_H_MAKE(TC_H_CLSACT, side == FilterSide::ingress ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS);
}

// Messages about the device's filters at one side of clsact.
Result<> for_each_filter(NetlinkSocket& socket, int ifindex, std::uint32_t parent,
                         const std::function<void(const nlmsghdr*)>& take) {
  NetlinkMessage message(RTM_GETTFILTER, NLM_F_DUMP);
  auto* info = message.put_header<tcmsg>();
  info->tcm_family = AF_UNSPEC;
  info->tcm_ifindex = ifindex;
  info->tcm_parent = parent;
  return socket.query(message, fmt::format("cannot list the filters of device {}", ifindex), take);
}

std::uint32_t parse_program_id(const nlmsghdr* message) {
  std::uint32_t id = 0;
  for_each_attribute(message, sizeof(tcmsg), [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) != TCA_OPTIONS) return;
    for_each_nested(attribute, [&](const nlattr* option) {
      if (mnl_attr_get_type(option) == TCA_BPF_ID) id = mnl_attr_get_u32(option);
    });
  });
  return id;
}

bool is_at(const nlmsghdr* message, const FilterPlace& place) {
  const auto* info = static_cast<const tcmsg*>(mnl_nlmsg_get_payload(message));
  return info->tcm_parent == clsact_side(place.side) && info->tcm_handle == place.handle &&
         TC_H_MAJ(info->tcm_info) >> 16 == place.priority;
}

Result<bool> is_clsact_unused(NetlinkSocket& socket, int ifindex) {
  bool is_unused = true;
  for (const auto side : {FilterSide::ingress, FilterSide::egress}) {
    TRY(for_each_filter(socket, ifindex, clsact_side(side), [&](const nlmsghdr*) { is_unused = false; }));
  }
  return is_unused;
}

}  // namespace

Result<> attach_filter(int ifindex, const FilterPlace& place, int program_fd, const std::string& device) {
  auto hook = hook_of(ifindex, attach_point_of(place));
  if (const int error = bpf_tc_hook_create(&hook); error != 0 && error != -EEXIST) {
    return fail_with_errno(-error, fmt::format("{}: cannot add the clsact qdisc (kernel module sch_ingress)", device));
  }
  auto options = options_of(place);
  options.prog_fd = program_fd;
  options.flags = BPF_TC_F_REPLACE;
  if (const int error = bpf_tc_attach(&hook, &options); error != 0) {
    return fail_with_errno(-error,
                           fmt::format("{}: cannot attach the datapath's filter (kernel module cls_bpf)", device));
  }
  return {};
}

Result<std::uint32_t> attached_program_id(NetlinkSocket& socket, int ifindex, const FilterPlace& place) {
  std::uint32_t id = 0;
  TRY(for_each_filter(socket, ifindex, clsact_side(place.side), [&](const nlmsghdr* message) {
    if (is_at(message, place)) id = parse_program_id(message);
  }));
  return id;
}

std::optional<FilterNews> parse_filter_news(const nlmsghdr* message) {
  const auto type = message->nlmsg_type;
  const bool is_removal = type == RTM_DELTFILTER || type == RTM_DELQDISC || type == RTM_DELCHAIN;
  if (!is_removal && type != RTM_NEWTFILTER) return std::nullopt;
  if (mnl_nlmsg_get_payload_len(message) < sizeof(tcmsg)) return std::nullopt;
  const auto* info = static_cast<const tcmsg*>(mnl_nlmsg_get_payload(message));
  FilterNews news{.ifindex = info->tcm_ifindex};
  if (is_removal) return news;  // Of several filters at once, perhaps.
  for (const auto& place : {port_filter, underlay_ingress_filter, underlay_egress_filter}) {
    if (!is_at(message, place)) continue;
    news.place = place;
    news.program_id = parse_program_id(message);
    return news;
  }
  return std::nullopt;
}

Result<> detach_filter(NetlinkSocket& socket, int ifindex, const FilterPlace& place, const std::string& device) {
  const auto id = attached_program_id(socket, ifindex, place);
  if (!id && id.error().tag == no_such_device) return {};
  if (!id) return std::unexpected(id.error());
  if (*id == 0) return {};
  auto hook = hook_of(ifindex, attach_point_of(place));
  const auto options = options_of(place);
  if (const int error = bpf_tc_detach(&hook, &options); error != 0 && error != -ENOENT && error != -ENODEV) {
    return fail_with_errno(-error, fmt::format("{}: cannot detach the datapath's filter", device));
  }
  const auto is_unused = is_clsact_unused(socket, ifindex);
  if (is_unused && *is_unused) {
    auto both = hook_of(ifindex, static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS));
    bpf_tc_hook_destroy(&both);  // Fails only where the device, or somebody's `ingress` qdisc, took its place.
  }
  return {};
}

}  // namespace weft::kernel

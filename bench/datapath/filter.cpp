#include "filter.hpp"

#include <bpf/libbpf.h>
#include <net/if.h>

#include "endpoint.hpp"

namespace bench {

void attach_at_ingress(int program_fd, const std::string& device) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  bpf_tc_hook_destroy(&hook);
  hook.attach_point = BPF_TC_INGRESS;
  check(bpf_tc_hook_create(&hook), "clsact on " + device);
  bpf_tc_opts filter{};
  filter.sz = sizeof filter;
  filter.prog_fd = program_fd;
  check(bpf_tc_attach(&hook, &filter), "filter on " + device);
}

}  // namespace bench

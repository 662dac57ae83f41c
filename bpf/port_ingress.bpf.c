/* A frame enters by a port's device. Attached to tc ingress of every port. Needs no daemon: all it knows is in the
 * maps. */
#include "ingress.h"

char weft_license[] SEC("license") = "GPL"; /* The kernel asks for it: bpf_ktime_get_coarse_ns is GPL only. */

SEC("tc")
int port_ingress(struct __sk_buff *skb) { return enter(skb); }

/* The programs that forward, and need no daemon: all they know is in the maps. */
#include "decapsulate.h"
#include "ingress.h"
#include "template.h"

char weft_license[] SEC("license") = "GPL"; /* The kernel asks for it: bpf_ktime_get_coarse_ns is GPL only. */

/* A frame enters by a port's device. Attached to tc ingress of every port. */
SEC("tc")
int port_ingress(struct __sk_buff *skb) { return enter(skb); }

/* The host receives a packet on a device that carries tunnels. Attached to its tc ingress. */
SEC("tc")
int underlay_ingress(struct __sk_buff *skb) { return enter_from_underlay(skb); }

/* The host sends a packet by such a device. Attached to its tc egress. */
SEC("tc")
int underlay_egress(struct __sk_buff *skb) { return leave_by_underlay(skb); }

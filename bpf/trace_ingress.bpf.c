/* A made-up frame enters by a port's device, and the program tells what it decides (decide.h). Compiled with
 * WEFT_TRACING, and only ever run by BPF_PROG_TEST_RUN. */
#include "ingress.h"

char weft_license[] SEC("license") = "GPL";

/* On its way to tc ingress the kernel moves a frame's outer tag out of its bytes. Here it has come beside it. */
static __always_inline long restore_tag(struct __sk_buff *skb)
{
	if (!(skb->cb[0] & WEFT_TRACED_TAG))
		return 0;
	return bpf_skb_vlan_push(skb, bpf_htons(skb->cb[1]), (__u16)skb->cb[0]);
}

SEC("tc")
int trace_ingress(struct __sk_buff *skb)
{
	if (restore_tag(skb))
		return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
	return enter(skb);
}

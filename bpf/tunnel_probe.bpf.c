/* The programs of the underlay and of ports as the tests run them (BPF_PROG_TEST_RUN): the kernel lets nobody set or
 * see skb->tc_index of a made-up frame, so it comes and goes in cb[0]. */
#include "decapsulate.h"
#include "ingress.h"
#include "template.h"

char weft_license[] SEC("license") = "GPL";

static __always_inline int with_index(struct __sk_buff *skb, int verdict)
{
	skb->cb[0] = skb->tc_index;
	return verdict;
}

SEC("tc")
int port_probe(struct __sk_buff *skb)
{
	skb->tc_index = skb->cb[0];
	return with_index(skb, enter(skb));
}

SEC("tc")
int underlay_ingress_probe(struct __sk_buff *skb)
{
	skb->tc_index = skb->cb[0];
	return with_index(skb, enter_from_underlay(skb));
}

SEC("tc")
int underlay_egress_probe(struct __sk_buff *skb)
{
	skb->tc_index = skb->cb[0];
	return with_index(skb, leave_by_underlay(skb));
}

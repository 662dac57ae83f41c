/* Counting what goes past a port's device. */
#ifndef WEFT_BPF_PASSED_H
#define WEFT_BPF_PASSED_H

#include "decide.h"
#include "maps.h"

static __always_inline void count_sent(__u32 slot, __u32 bytes)
{
	struct weft_passed *counter = bpf_map_lookup_elem(&passed, &slot);

	if (!counter)
		return;
	effect(counter->tx_frames += 1);
	effect(counter->tx_bytes += bytes);
}

static __always_inline void count_received(__u32 slot, __u32 bytes)
{
	struct weft_passed *counter = bpf_map_lookup_elem(&passed, &slot);

	if (!counter)
		return;
	effect(counter->rx_frames += 1);
	effect(counter->rx_bytes += bytes);
}

#endif

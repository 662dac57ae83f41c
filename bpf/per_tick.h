/* So many of something in a tick, and no more. */
#ifndef WEFT_BPF_PER_TICK_H
#define WEFT_BPF_PER_TICK_H

#include <stdbool.h>

#include "abi.h"
#include "decide.h"

static __always_inline bool is_one_more(struct weft_per_tick *so_far, __u32 limit, __u32 tick)
{
	__u32 count;

	if (!so_far)
		return false;
	count = so_far->tick == tick ? so_far->count : 0;
	if (count >= limit)
		return false;
	effect(so_far->count = count + 1);
	effect(so_far->tick = tick);
	return true;
}

#endif

/* The program exists in two forms, compiled from the same text: as it forwards, and with WEFT_TRACING as it tells what
 * it decides ("weft trace"). The traced form runs on made-up frames, decides from the same maps, and changes nothing
 * but the frame. What tells is not there in the form that forwards: it costs nothing. */
#ifndef WEFT_BPF_DECIDE_H
#define WEFT_BPF_DECIDE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "decisions.h"

#ifndef WEFT_TRACING
#define WEFT_TRACING 0
#endif

#if WEFT_TRACING
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, WEFT_DECISION_BYTES);
} decisions SEC(".maps");

static __always_inline void tell(enum weft_decision_kind kind, __u32 port, __u32 value)
{
	struct weft_decision decision = {.kind = kind, .port = port, .value = value};

	bpf_ringbuf_output(&decisions, &decision, sizeof(decision), 0);
}

/* Not even the compiler knows the value: it would leave out what functions are handed for the sake of their effects.
 * The verifier does, and removes what is never run. */
static __always_inline bool has_effects(void)
{
	__u32 no = 0;

	asm volatile("" : "+r"(no));
	return no;
}

#define decide(kind, port, value) tell(WEFT_DECISION_##kind, port, value)
#else
static __always_inline bool has_effects(void) { return true; }

#define decide(kind, port, value)                                                                                      \
	do {                                                                                                           \
	} while (0)
#endif

/* Whatever changes anything but the frame: maps, counters, what is sent. Its value is 0 where it is only traced. */
#define effect(expression)                                                                                             \
	({                                                                                                             \
		long effect_result = 0;                                                                                \
		if (has_effects())                                                                                     \
			effect_result = (long)(expression);                                                            \
		effect_result;                                                                                         \
	})

#endif

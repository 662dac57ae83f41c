// Asks open questions again and again until all are answered, but not for ever: a first packet may be lost where a
// switch or a kernel still has to learn the way.
#pragma once

#include <array>

#include "prober/loop.hpp"
#include "prober/questions.hpp"

namespace weft::prober {

// After each round, how long to wait for its answers.
inline constexpr std::array<std::chrono::milliseconds, 3> round_waits{
    std::chrono::milliseconds{200}, std::chrono::milliseconds{400}, std::chrono::milliseconds{800}};
// So many are sent before answers are taken: as many as a socket's buffer holds for certain.
inline constexpr std::size_t burst_size = 32;

// `send(question)` sends once; answers come through the loop's watchers.
template <class Send>
void ask_in_rounds(Loop& loop, Questions& questions, Send send) {
  for (const auto wait : round_waits) {
    std::size_t sent = 0;
    for (const auto& question : questions.open()) {
      send(question);
      if (++sent % burst_size == 0) loop.drain();
    }
    const auto deadline = Clock::now() + wait;
    while (questions.open_count() > 0 && loop.turn(deadline)) {
    }
    if (questions.open_count() == 0 || loop.is_stopped()) return;
    questions.next_round();
  }
}

}  // namespace weft::prober

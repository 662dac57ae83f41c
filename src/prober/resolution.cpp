#include "prober/resolution.hpp"

#include "prober/rounds.hpp"

namespace weft::prober {
namespace {

// The question that an answer is about; none that is open, where the same is heard twice.
std::optional<std::uint32_t> asked_for(const Endpoints& all, const Questions& questions, std::uint32_t from,
                                       const IpAddress& address) {
  for (std::uint32_t to = 0; to < all.size(); ++to) {
    if (questions.is_open(from, to) && address == (is_ipv6(questions.probe()) ? all[to].address6 : all[to].address4)) {
      return to;
    }
  }
  return std::nullopt;
}

}  // namespace

void ask_for_neighbours(Loop& loop, const Endpoints& all, Flood& flood, Questions& questions) {
  flood.on_answer([&](std::uint32_t from, const NeighbourAnswer& answer) {
    const auto to = asked_for(all, questions, from, answer.address);
    if (!to) return;
    if (answer.mac == all[*to].mac) {
      questions.answer(from, *to);
    } else {
      questions.end(from, *to, Outcome::mistaken);
    }
  });
  ask_in_rounds(loop, questions, [&](const Questions::Question& question) {
    flood.send(question.from, encode_question(all[question.from], all[question.to], is_ipv6(questions.probe())));
  });
  flood.on_answer({});
}

}  // namespace weft::prober

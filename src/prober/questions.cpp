#include "prober/questions.hpp"

#include <algorithm>
#include <utility>

namespace weft::prober {

void Questions::add(std::uint32_t from, const std::vector<std::uint32_t>& to) {
  Asker asker{.number = from,
              .is_open = std::vector<bool>(endpoint_count_, false),
              .outcomes = std::string(endpoint_count_, static_cast<char>(Outcome::not_asked))};
  for (const auto other : to) {
    asker.is_open[other] = true;
    asker.outcomes[other] = static_cast<char>(Outcome::silence);
  }
  open_count_ += to.size();
  askers_.insert(std::ranges::lower_bound(askers_, from, {}, &Asker::number), std::move(asker));
}

std::vector<Questions::Question> Questions::open() const {
  std::vector<Question> open;
  open.reserve(open_count_);
  for (const auto& asker : askers_) {
    for (std::uint32_t to = 0; to < asker.is_open.size(); ++to) {
      if (asker.is_open[to]) open.push_back({asker.number, to});
    }
  }
  return open;
}

const Questions::Asker* Questions::asker(std::uint32_t number) const {
  const auto found = std::ranges::lower_bound(askers_, number, {}, &Asker::number);
  return found != askers_.end() && found->number == number ? &*found : nullptr;
}

Questions::Asker* Questions::asker(std::uint32_t number) {
  return const_cast<Asker*>(std::as_const(*this).asker(number));
}

bool Questions::is_open(std::uint32_t from, std::uint32_t to) const {
  const auto* found = asker(from);
  return found != nullptr && to < endpoint_count_ && found->is_open[to];
}

void Questions::end(std::uint32_t from, std::uint32_t to, Outcome outcome) {
  if (!is_open(from, to)) return;
  auto* found = asker(from);
  found->is_open[to] = false;
  found->outcomes[to] = static_cast<char>(outcome);
  --open_count_;
}

void Questions::suspect(std::uint32_t from, std::uint32_t to, Outcome outcome) {
  if (is_open(from, to)) asker(from)->outcomes[to] = static_cast<char>(outcome);
}

std::vector<Row> Questions::rows() const {
  std::vector<Row> rows;
  for (const auto& asker : askers_) rows.push_back({probe_, asker.number, asker.outcomes});
  return rows;
}

}  // namespace weft::prober

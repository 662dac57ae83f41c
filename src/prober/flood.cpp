#include "prober/flood.hpp"

#include <algorithm>

#include "prober/answer_filter.hpp"
#include "prober/schedule.hpp"

namespace weft::prober {
namespace {

constexpr MacAddress broadcast_mac({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});

}  // namespace

Result<> Flood::open(Loop& loop, const LocalEndpoints& here) {
  for (const auto& endpoint : here) {
    if (!endpoint.is_usable()) continue;
    endpoint.enter();
    auto& ear = ears_.emplace_back(*this, endpoint.number());
    TRY(ear.open(loop, endpoint.device_index(), FrameSocket::Content::frames, answer_filter));
  }
  return {};
}

const Flood::Ear* Flood::ear(std::uint32_t number) const {
  const auto found = std::ranges::lower_bound(ears_, number, {}, &Ear::number);
  return found != ears_.end() && found->number() == number ? &*found : nullptr;
}

void Flood::send(std::uint32_t from, std::uint32_t to, std::size_t frame_bytes) const {
  if (from >= all_.size() || (to != everybody && to >= all_.size())) return;
  send(from, encode(TestFrame{.source = all_[from].mac,
                              .destination = to == everybody ? broadcast_mac : all_[to].mac,
                              .run = run_,
                              .from = from,
                              .to = to},
                    frame_bytes));
}

void Flood::broadcast(std::uint32_t from) const {
  constexpr std::size_t shortest_frame_bytes = 60;
  if (from >= all_.size()) return;
  send(from, everybody, shortest_frame_bytes);
  for (const auto stranger : strangers_tried(all_, from)) send(from, stranger, shortest_frame_bytes);
}

void Flood::send(std::uint32_t from, ByteView frame) const {
  if (const auto* sender = ear(from)) sender->FrameSocket::send(frame);
}

void Flood::Ear::take(ByteView bytes, bool) {
  if (const auto frame = decode_test_frame(bytes)) return take(*frame);
  if (!flood_.on_answer_) return;
  if (const auto answer = decode_answer(bytes)) flood_.on_answer_(number_, *answer);
}

void Flood::Ear::take(const TestFrame& frame) {
  if (frame.run != flood_.run_ || frame.from >= heard_.size()) return;
  // A frame to somebody else of the own network is only flooded: it says nothing of us.
  const bool is_for_us = frame.to == everybody || frame.to == number_;
  const bool is_leak = flood_.all_[frame.from].network != flood_.all_[number_].network;
  if (is_for_us || is_leak) heard_[frame.from] = true;
}

Row Flood::row(const Ear& ear, Probe probe) const {
  Row row{probe, ear.number(), std::string(all_.size(), static_cast<char>(Outcome::not_asked))};
  for (const auto other : targets(all_, ear.number(), probe)) {
    row.outcomes[other] = static_cast<char>(ear.has_heard(other) ? Outcome::answered : Outcome::silence);
  }
  return row;
}

std::vector<Row> Flood::heard() const {
  std::vector<Row> rows;
  for (const auto& ear : ears_) {
    rows.push_back(row(ear, Probe::flood));
    rows.push_back(row(ear, Probe::stranger));
  }
  return rows;
}

}  // namespace weft::prober

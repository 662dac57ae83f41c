// Frames of our own between the endpoints. Each broadcasts a test frame and hears whom it can; what is heard from
// another network has leaked. Each also hears who answers to ARP and neighbour discovery.
#pragma once

#include <deque>
#include <functional>

#include "prober/frame_socket.hpp"
#include "prober/local_endpoint.hpp"
#include "prober/test_frame.hpp"

namespace weft::prober {

class Flood {
 public:
  Flood(const Endpoints& all, RunId run) : all_(all), run_(run) {}

  // Hears from now on. Errors: a socket cannot be opened.
  Result<> open(Loop& loop, const LocalEndpoints& here);
  // One test frame. Nothing, where `from` is not here.
  void send(std::uint32_t from, std::uint32_t to, std::size_t frame_bytes) const;
  void send(std::uint32_t from, ByteView frame) const;  // Any.
  // A broadcast, and a frame to each of the strangers that it tries.
  void broadcast(std::uint32_t from) const;
  // Who is told of answers from now on: which endpoint hears one, and what it says. Null: nobody.
  using OnAnswer = std::function<void(std::uint32_t, const NeighbourAnswer&)>;
  void on_answer(OnAnswer told) { on_answer_ = std::move(told); }
  // Of Probe::flood and Probe::stranger.
  std::vector<Row> heard() const;

 private:
  // An endpoint's ear.
  class Ear final : public FrameSocket {
   public:
    Ear(Flood& flood, std::uint32_t number) : number_(number), flood_(flood), heard_(flood.all_.size(), false) {}
    std::uint32_t number() const { return number_; }
    bool has_heard(std::uint32_t other) const { return heard_[other]; }

   private:
    void take(ByteView bytes, bool) override;
    void take(const TestFrame& frame);
    std::uint32_t number_;
    Flood& flood_;
    std::vector<bool> heard_;
  };
  const Ear* ear(std::uint32_t number) const;
  Row row(const Ear& ear, Probe probe) const;

  const Endpoints& all_;
  RunId run_;
  OnAnswer on_answer_;
  std::deque<Ear> ears_;  // Watched: they must not move. In the order of their numbers.
};

}  // namespace weft::prober

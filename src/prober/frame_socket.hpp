// A packet socket (packet(7)) on a device: whole Ethernet frames out and in.
#pragma once

#include <linux/filter.h>

#include <span>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "prober/loop.hpp"
#include "wire/wire_bytes.hpp"

namespace weft::prober {

class FrameSocket : public Watcher {
 public:
  // Frames with the Ethernet header, or what they carry.
  enum class Content : std::uint8_t { frames, packets };
  // In the namespace that we are in. `filter`: a classic BPF program (Documentation/networking/filter.rst of Linux)
  // that says what is taken in; all else costs next to nothing.
  Result<> open(Loop& loop, int device_index, Content content, std::span<const sock_filter> filter);
  // What the device refuses (it is down, the frame is too large) is lost, as on a wire.
  void send(ByteView frame) const;

  void ready(std::uint32_t events) final;

 protected:
  ~FrameSocket() = default;
  virtual void take(ByteView frame, bool is_outgoing) = 0;

 private:
  UniqueFd socket_;
};

}  // namespace weft::prober

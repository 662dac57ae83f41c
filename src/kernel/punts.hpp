// Frames that the datapath hands to weftd, because they ask for a service of the switch (bpf/serve.h), and frames that
// weftd sends out of a port.
#pragma once

#include <functional>
#include <memory>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "bpf/abi.h"
#include "kernel/port_table.hpp"
#include "wire/wire_bytes.hpp"

struct ring_buffer;  // libbpf's.

namespace weft::kernel {

inline constexpr std::size_t punts_at_a_time = 64;

struct Punt {
  Slot port = 0;  // It may have left since.
  BridgeId bridge = 0;
  std::uint16_t vlan = 0;  // 0: untagged.
  weft_service service = WEFT_SERVICE_NONE;
  ByteView frame = {};  // Without the VLAN's tag. TCP and UDP checksums may be left open. Valid during the call only.
};

class Punts {
 public:
  // `ring_fd`: the map `punts`, which nobody else reads. Frames leave in the network namespace of the calling thread.
  static Result<Punts> open(int ring_fd);

  // Readable when there are some.
  int fd() const;
  // Hands over what waits, at most `punts_at_a_time`; what nobody waits for any more is passed over. True: there may be
  // more, of which fd() does not tell again: call once more.
  bool take(const std::function<void(const Punt&)>& take_one);

  // To whoever is behind the port. The frame bears no tag; it gets the VLAN's where the port's mode says so. `device`
  // is for the error.
  Result<> send(const weft_port& port, std::uint16_t vlan, ByteView frame, const std::string& device) const;

 private:
  struct Closer {
    void operator()(::ring_buffer* ring) const;
  };
  // libbpf keeps a pointer to it.
  struct Taking {
    const std::function<void(const Punt&)>* take_one = nullptr;
    std::size_t count = 0;
  };
  Punts(std::unique_ptr<Taking> taking, std::unique_ptr<::ring_buffer, Closer> ring, UniqueFd socket);
  static int take_record(void* taking, void* record, std::size_t bytes);

  std::unique_ptr<Taking> taking_;
  std::unique_ptr<::ring_buffer, Closer> ring_;
  UniqueFd socket_;
};

// The frame as a port sends it: with the tag of its VLAN, or without.
Bytes frame_for_port(const weft_port_vlan& port, std::uint16_t vlan, ByteView frame);

}  // namespace weft::kernel

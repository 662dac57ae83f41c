// Permanent entries in the kernel's table of neighbours (rtnetlink(7)). That table is one for all namespaces together,
// and takes 1024 entries (gc_thresh3 of arp(7)) that it found itself; permanent ones don't count. Ours bear a mark, so
// that they are told from an operator's, and found again after a crash.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "prober/endpoint.hpp"

namespace weft::prober {

class Neighbours {
 public:
  // Of the namespace that we are in.
  static Result<Neighbours> open(int device_index);
  Neighbours(Neighbours&&) noexcept;
  Neighbours& operator=(Neighbours&&) noexcept;
  ~Neighbours();

  struct Neighbour {
    IpAddress address = {};
    MacAddress mac = {};
  };
  // Those that the kernel knows already stay as they are.
  Result<> add(const std::vector<Neighbour>& all);
  // All that bear our mark. Their number.
  Result<std::size_t> remove_ours();

 private:
  class Socket;
  explicit Neighbours(std::unique_ptr<Socket> socket, int device_index);
  std::unique_ptr<Socket> socket_;
  int device_index_;
};

}  // namespace weft::prober

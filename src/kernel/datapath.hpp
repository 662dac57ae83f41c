// The datapath as it lies in the kernel: the loaded programs, and their maps, which are pinned and outlive us.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "bpf/abi.h"

struct datapath;  // The skeleton made by bpftool.

namespace weft::kernel {

// An array map in our memory: what is stored here, the datapath sees at once.
template <class T>
class MappedArray {
 public:
  static Result<MappedArray> map(int map_fd, std::size_t count);
  MappedArray(MappedArray&& other) noexcept : items_(std::exchange(other.items_, {})) {}
  ~MappedArray();
  std::span<T> items() const { return items_; }

 private:
  explicit MappedArray(std::span<T> items) : items_(items) {}
  std::span<T> items_;
};

enum class Program : std::uint8_t { port_ingress, underlay_ingress, underlay_egress };

class Datapath {
 public:
  // Loads the programs onto the maps pinned in the BPF file system at `bpffs_directory`, which are made where missing.
  static Result<Datapath> open(const std::string& bpffs_directory);

  std::span<weft_port> ports() const { return ports_.items(); }        // By slot.
  std::span<weft_bridge> bridges() const { return bridges_.items(); }  // By id.
  int port_slots_fd() const;
  int near_slots_fd() const;
  int fdb_fd() const;
  int candidates_fd() const;   // By bridge.
  int port_vlans_fd() const;   // By slot.
  int flood_vlans_fd() const;  // By bridge.
  int drops_fd() const;
  int passed_fd() const;
  int tunnels_fd() const;
  int remotes_fd() const;
  int underlays_fd() const;
  int program_fd(Program program) const;
  // By the name it has in bpf/maps.h; -1: there is none.
  int map_fd(const char* name) const;

  // What the fast path has learned of the ways to remote ends counts no more: each must be shown again.
  void forget_ways();

  // The loaded program `id` is the same code as ours, on the same maps: nothing is gained by replacing it.
  bool is_current_program(Program program, std::uint32_t id) const;

 private:
  struct Closer {
    void operator()(struct ::datapath* skeleton) const;
  };
  using Skeleton = std::unique_ptr<struct ::datapath, Closer>;
  Datapath(Skeleton skeleton, MappedArray<weft_port> ports, MappedArray<weft_bridge> bridges,
           MappedArray<weft_overlay> overlay);

  Skeleton skeleton_;
  // Ids that is_current_program() has confirmed: asked for every port, they are one or two. The kernel gives an id anew
  // only after two billion others.
  mutable std::set<std::pair<Program, std::uint32_t>> current_ids_;
  MappedArray<weft_port> ports_;
  MappedArray<weft_bridge> bridges_;
  MappedArray<weft_overlay> overlay_;
};

}  // namespace weft::kernel

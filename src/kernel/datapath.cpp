#include "kernel/datapath.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "bpf/datapath.skel.h"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

const LogModule log("datapath");

// libbpf explains failures only by printing. The first warning goes into our error; the rest is for debugging.
std::string first_warning;

int keep_first_warning(libbpf_print_level level, const char* format, va_list arguments) {
  std::array<char, 1024> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::string line(text.data());
  while (line.ends_with('\n')) line.pop_back();
  if (level == LIBBPF_WARN && first_warning.empty()) first_warning = line;
  if (level != LIBBPF_DEBUG) log.debug("{}", line);
  return 0;
}

// Kernels identify a program's code by a digest of its instructions.
struct ProgramIdentity {
  std::array<std::uint8_t, BPF_TAG_SIZE> tag{};
  std::set<std::uint32_t> map_ids;
  bool operator==(const ProgramIdentity&) const = default;
};

std::optional<ProgramIdentity> identify(int program_fd) {
  std::array<std::uint32_t, 32> map_ids{};
  bpf_prog_info info{};
  info.nr_map_ids = map_ids.size();
  info.map_ids = reinterpret_cast<std::uintptr_t>(map_ids.data());
  std::uint32_t bytes = sizeof info;
  if (bpf_obj_get_info_by_fd(program_fd, &info, &bytes) != 0) return std::nullopt;
  ProgramIdentity identity;
  std::ranges::copy(info.tag, identity.tag.begin());
  const auto count = std::min<std::size_t>(info.nr_map_ids, map_ids.size());
  identity.map_ids.insert(map_ids.begin(), map_ids.begin() + static_cast<std::ptrdiff_t>(count));
  return identity;
}

Result<> pin_maps_in(struct ::datapath* skeleton, const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail_with_errno(errno, "cannot make the directory " + directory);
  }
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, skeleton->obj) {
    const auto path = fmt::format("{}/{}", directory, bpf_map__name(map));
    if (const int error = bpf_map__set_pin_path(map, path.c_str()); error != 0) {
      return fail_with_errno(-error, "cannot pin a map at " + path);
    }
  }
  return {};
}

}  // namespace

template <class T>
Result<MappedArray<T>> MappedArray<T>::map(int map_fd, std::size_t count) {
  void* memory = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
  if (memory == MAP_FAILED) return fail_with_errno(errno, "cannot map the datapath's ports into memory");
  return MappedArray(std::span(static_cast<T*>(memory), count));
}

template <class T>
MappedArray<T>::~MappedArray() {
  if (!items_.empty()) ::munmap(items_.data(), items_.size_bytes());
}

template class MappedArray<weft_port>;
template class MappedArray<weft_bridge>;
template class MappedArray<weft_overlay>;

Result<Datapath> Datapath::open(const std::string& bpffs_directory) {
  libbpf_set_print(keep_first_warning);
  first_warning.clear();
  Skeleton skeleton(datapath__open());
  if (!skeleton) return fail_with_errno(errno, "cannot open the datapath's program", first_warning);
  TRY(pin_maps_in(skeleton.get(), fmt::format("{}/v{}", bpffs_directory, int{WEFT_ABI_VERSION})));
  if (const int error = datapath__load(skeleton.get()); error != 0) {
    return fail_with_errno(-error, "cannot load the datapath into the kernel (5.15 or newer is needed)", first_warning);
  }
  auto ports = TRY(MappedArray<weft_port>::map(bpf_map__fd(skeleton->maps.ports), WEFT_MAX_PORTS));
  auto bridges = TRY(MappedArray<weft_bridge>::map(bpf_map__fd(skeleton->maps.bridges), WEFT_MAX_BRIDGES));
  auto overlay = TRY(MappedArray<weft_overlay>::map(bpf_map__fd(skeleton->maps.overlay), 1));
  return Datapath(std::move(skeleton), std::move(ports), std::move(bridges), std::move(overlay));
}

Datapath::Datapath(Skeleton skeleton, MappedArray<weft_port> ports, MappedArray<weft_bridge> bridges,
                   MappedArray<weft_overlay> overlay)
    : skeleton_(std::move(skeleton)),
      ports_(std::move(ports)),
      bridges_(std::move(bridges)),
      overlay_(std::move(overlay)) {}

void Datapath::Closer::operator()(struct ::datapath* skeleton) const { datapath__destroy(skeleton); }

int Datapath::port_slots_fd() const { return bpf_map__fd(skeleton_->maps.port_slots); }
int Datapath::near_slots_fd() const { return bpf_map__fd(skeleton_->maps.near_slots); }
int Datapath::fdb_fd() const { return bpf_map__fd(skeleton_->maps.fdb); }
int Datapath::port_vlans_fd() const { return bpf_map__fd(skeleton_->maps.port_vlans); }
int Datapath::flood_vlans_fd() const { return bpf_map__fd(skeleton_->maps.flood_vlans); }
int Datapath::drops_fd() const { return bpf_map__fd(skeleton_->maps.drops); }
int Datapath::passed_fd() const { return bpf_map__fd(skeleton_->maps.passed); }
int Datapath::candidates_fd() const { return bpf_map__fd(skeleton_->maps.candidates); }
int Datapath::tunnels_fd() const { return bpf_map__fd(skeleton_->maps.tunnels); }
int Datapath::remotes_fd() const { return bpf_map__fd(skeleton_->maps.remotes); }
int Datapath::underlays_fd() const { return bpf_map__fd(skeleton_->maps.underlays); }
int Datapath::map_fd(const char* name) const {
  const auto* map = bpf_object__find_map_by_name(skeleton_->obj, name);
  return map == nullptr ? -1 : bpf_map__fd(map);
}

int Datapath::program_fd(Program program) const {
  switch (program) {
    case Program::port_ingress:
      return bpf_program__fd(skeleton_->progs.port_ingress);
    case Program::underlay_ingress:
      return bpf_program__fd(skeleton_->progs.underlay_ingress);
    case Program::underlay_egress:
      return bpf_program__fd(skeleton_->progs.underlay_egress);
  }
  std::unreachable();
}

void Datapath::forget_ways() {
  std::atomic_ref(overlay_.items().front().generation).fetch_add(1, std::memory_order_relaxed);
}

bool Datapath::is_current_program(Program program, std::uint32_t id) const {
  if (current_ids_.contains({program, id})) return true;
  const UniqueFd loaded(bpf_prog_get_fd_by_id(id));
  if (!loaded) return false;
  const auto theirs = identify(loaded.get());
  if (!theirs || theirs != identify(program_fd(program))) return false;
  current_ids_.emplace(program, id);
  return true;
}

}  // namespace weft::kernel

#include "kernel/trace.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <cerrno>

#include "bpf/traced_datapath.skel.h"
#include "kernel/system_error.hpp"
#include "wire/ethernet.hpp"

namespace weft::kernel {
namespace {

constexpr std::size_t addresses_bytes = 12;
constexpr std::size_t tag_bytes = 4;

struct Closer {
  void operator()(traced_datapath* skeleton) const { traced_datapath__destroy(skeleton); }
  void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
};
using Skeleton = std::unique_ptr<traced_datapath, Closer>;
using Ring = std::unique_ptr<ring_buffer, Closer>;

// On the maps of the form that forwards; only the ring is its own.
Result<Skeleton> load(const Datapath& datapath) {
  Skeleton skeleton(traced_datapath__open());
  if (!skeleton) return fail_with_errno(errno, "cannot open the datapath's traced form");
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, skeleton->obj) {
    const int shared = datapath.map_fd(bpf_map__name(map));
    if (shared < 0) continue;
    if (const int error = bpf_map__reuse_fd(map, shared); error != 0) {
      return fail_with_errno(-error, fmt::format("cannot trace on the datapath's map {}", bpf_map__name(map)));
    }
  }
  if (const int error = traced_datapath__load(skeleton.get()); error != 0) {
    return fail_with_errno(-error, "cannot load the datapath's traced form into the kernel");
  }
  return skeleton;
}

// The outer tag comes beside the bytes, as the kernel lays it on the way to the program.
struct Input {
  Bytes bytes;
  __sk_buff context{};
};

Input input_of(int ifindex, ByteView frame) {
  Input input{.bytes = Bytes(frame.begin(), frame.end())};
  input.context.ifindex = static_cast<std::uint32_t>(ifindex);
  WireReader reader(frame);
  const auto header = decode_ethernet(reader);
  if (!header || header->tags.empty()) return input;
  input.context.cb[0] = WEFT_TRACED_TAG | header->tags.front().control();
  input.context.cb[1] = header->tags.front().type;
  const auto tag = input.bytes.begin() + addresses_bytes;
  input.bytes.erase(tag, tag + tag_bytes);
  return input;
}

int take_decision(void* into, void* data, std::size_t) {
  static_cast<std::vector<weft_decision>*>(into)->push_back(*static_cast<const weft_decision*>(data));
  return 0;
}

}  // namespace

Result<std::vector<weft_decision>> trace_frame(const Datapath& datapath, int ifindex, ByteView frame) {
  if (frame.size() < ethernet_header_bytes || frame.size() > max_traced_frame_bytes) {
    return fail("bad frame", fmt::format("the frame has {} bytes; it can have {} to {}", frame.size(),
                                         ethernet_header_bytes, max_traced_frame_bytes));
  }
  const auto skeleton = TRY(load(datapath));
  std::vector<weft_decision> decisions;
  const Ring ring(ring_buffer__new(bpf_map__fd(skeleton->maps.decisions), take_decision, &decisions, nullptr));
  if (!ring) return fail_with_errno(errno, "cannot read what the traced form tells");
  auto input = input_of(ifindex, frame);
  auto options = bpf_test_run_opts();
  options.sz = sizeof options;
  options.data_in = input.bytes.data();
  options.data_size_in = static_cast<std::uint32_t>(input.bytes.size());
  options.ctx_in = &input.context;
  options.ctx_size_in = sizeof input.context;
  if (const int error = bpf_prog_test_run_opts(bpf_program__fd(skeleton->progs.trace_ingress), &options); error != 0) {
    return fail_with_errno(-error,
                           fmt::format("the kernel does not run the traced form on a frame of {} bytes", frame.size()));
  }
  if (const int count = ring_buffer__consume(ring.get()); count < 0) {
    return fail_with_errno(-count, "cannot read what the traced form tells");
  }
  return decisions;
}

}  // namespace weft::kernel

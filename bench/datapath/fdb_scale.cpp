// fdb_scale: how many ns of a CPU a packet costs where the datapath's address table has few or many entries, as a line
// of JSON. The program itself is attached to two veths, with a table as large as is asked for, and frames of random
// addresses out of that table go through it: the same frame again and again (BPF_PROG_TEST_RUN) would find all in the
// cache.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "bench/program.hpp"
#include "bpf/abi.h"
#include "bpf/datapath.skel.h"
#include "filter.hpp"
#include "works.hpp"

namespace {

constexpr const char* usage =
    "usage: fdb_scale SWITCH_NETNS PORT PORT FROM_NETNS TO_NETNS SECONDS ENTRIES:TALKERS...\n"
    "ENTRIES: how many the table has. TALKERS: so many of them send and receive.\n"
    "PORT: a veth of the switch, whose other end is eth0 in FROM_NETNS or TO_NETNS.\n";

constexpr std::uint32_t bridge = 1, from_slot = 1, to_slot = 2;
constexpr std::uint32_t ageing_ticks = 1'000'000;

struct Destroyer {
  void operator()(datapath* skeleton) const { datapath__destroy(skeleton); }
};

class Switch {
 public:
  Switch(const std::vector<std::string>& ports, std::uint32_t entries_max) : skeleton_(datapath__open()) {
    if (!skeleton_) bench::fail("opening the program");
    bench::check(bpf_map__set_max_entries(skeleton_->maps.fdb, entries_max), "size of the address table");
    bench::check(datapath__load(skeleton_.get()), "loading the program");
    add_port(from_slot, ports[0]);
    add_port(to_slot, ports[1]);
  }

  void fill(std::uint32_t entries) {
    std::vector<weft_fdb_key> keys(entries);
    std::vector<weft_fdb_entry> values(entries);
    for (std::uint32_t i = 0; i < entries; ++i) {
      keys[i].bridge = bridge;
      std::ranges::copy(bench::address_of_number(i), keys[i].mac);
      values[i].port = i % 2 == 0 ? from_slot : to_slot;
      values[i].owner = WEFT_FDB_STATIC;
    }
    auto count = entries;
    bench::check(bpf_map_update_batch(bpf_map__fd(skeleton_->maps.fdb), keys.data(), values.data(), &count, nullptr),
                 "filling the address table");
  }

 private:
  void add_port(std::uint32_t slot, const std::string& name) {
    const std::uint32_t ifindex = ::if_nametoindex(name.c_str());
    weft_port port{};
    port.ifindex = port.device = ifindex;
    port.bridge = bridge;
    port.ageing_ticks = ageing_ticks;
    port.flags = WEFT_PORT_TO_PEER;
    const auto put = [](const bpf_map* map, const void* key, const void* value) {
      bench::check(bpf_map_update_elem(bpf_map__fd(map), key, value, BPF_ANY), bpf_map__name(map));
    };
    put(skeleton_->maps.ports, &slot, &port);
    put(skeleton_->maps.port_slots, &ifindex, &slot);
    if (ifindex < WEFT_NEAR_IFINDEXES) put(skeleton_->maps.near_slots, &ifindex, &slot);
    bench::attach_at_ingress(bpf_program__fd(skeleton_->progs.port_ingress), name);
  }

  std::unique_ptr<datapath, Destroyer> skeleton_;
};

struct Case {
  std::uint32_t entries, talkers;
};

Case parse(const std::string& text) {
  Case read{};
  if (std::sscanf(text.c_str(), "%u:%u", &read.entries, &read.talkers) != 2 || read.talkers < 2 ||
      read.talkers > read.entries) {
    throw std::runtime_error(usage);
  }
  return read;
}

int run(const std::vector<std::string>& words) {
  if (words.size() < 7) throw std::runtime_error(usage);
  const bench::Endpoint home(words[0]);
  const bench::Run run{bench::Endpoint(words[3]), bench::Endpoint(words[4]), "",
                       std::chrono::duration<double>(std::stod(words[5]))};
  const std::vector cases(words.begin() + 6, words.end());
  std::uint32_t entries_max = 0;
  for (const auto& one : cases) entries_max = std::max(entries_max, parse(one).entries);
  const char* separator = "{";
  for (const auto& one : cases) {
    const auto [entries, talkers] = parse(one);
    home.enter();
    Switch with_table({words[1], words[2]}, entries_max);
    with_table.fill(entries);
    std::printf("%s\"%s\": %.1f", separator, one.c_str(), bench::raw_blast(run, talkers).cpu_ns);
    separator = ", ";
  }
  std::puts("}");
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
  libbpf_set_print([](libbpf_print_level, const char*, va_list) { return 0; });
  return bench::run_program("fdb_scale", [&] { return run({argv + 1, argv + argc}); });
}

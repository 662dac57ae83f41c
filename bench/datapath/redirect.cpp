// redirect PORT PORT: the least that a switch at tc ingress can be. Whatever enters by one of two veths goes straight
// to the other's far end; nothing is looked up, learned or counted. What a real switch may cost beside it is its own.
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <net/if.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "bench/program.hpp"
#include "endpoint.hpp"
#include "filter.hpp"

namespace {

bpf_insn set_register(std::uint8_t number, std::int32_t value) {
  return {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = number, .src_reg = 0, .off = 0, .imm = value};
}

void send_on(const std::string& from, const std::string& to) {
  const std::array program{
      set_register(BPF_REG_1, static_cast<std::int32_t>(::if_nametoindex(to.c_str()))),
      set_register(BPF_REG_2, 0),  // Flags.
      bpf_insn{.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_redirect_peer},
      bpf_insn{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  const bench::Fd loaded(
      bench::check(bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "redirect", "GPL", program.data(), program.size(), nullptr),
                   "the program"));
  bench::attach_at_ingress(loaded.get(), from);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("redirect", [&] {
    if (argc != 3) throw std::runtime_error("usage: redirect PORT PORT");
    send_on(argv[1], argv[2]);
    send_on(argv[2], argv[1]);
    return EXIT_SUCCESS;
  });
}

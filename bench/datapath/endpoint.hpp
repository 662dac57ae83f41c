// One end of the traffic: a network namespace whose device is called eth0. Whatever fails throws, with what and where.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

namespace bench {

[[noreturn]] void fail(const std::string& what);  // With the text of errno.
int check(int result, const std::string& what);   // Fails if it is negative.

class Fd {
 public:
  explicit Fd(int number = -1) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Fd();
  int get() const { return number_; }

 private:
  int number_;
};

using Mac = std::array<std::uint8_t, 6>;

class Endpoint {
 public:
  explicit Endpoint(std::string netns_path) : path_(std::move(netns_path)) {}

  void enter() const;  // The calling thread, for good.
  // A socket of this namespace, that gives up waiting ten times a second. The calling thread stays here.
  Fd socket(int domain, int type, int protocol = 0) const;
  // What eth0 has received, as a file whose content is new whenever it is read from its beginning.
  Fd device_counters() const;
  Mac mac() const;

 private:
  std::string path_;
};

void pin_to_cpu(unsigned number);  // The calling thread. Nothing happens where there is no such CPU.

std::uint64_t received_frames(const Fd& device_counters);

struct Rate {
  double per_second;
  double cpu_ns;  // For each, of all threads of this process, and of what the kernel did in their name.
};
// Of what `read` counts up, over `window`, once it has begun to count. Fails if it does not.
Rate rate(const std::function<std::uint64_t()>& read, std::chrono::duration<double> window);

}  // namespace bench

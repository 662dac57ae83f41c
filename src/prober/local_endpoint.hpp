// An endpoint on this host: its network namespace, and the device that it has there.
#pragma once

#include <vector>

#include "base/unique_fd.hpp"
#include "prober/endpoint.hpp"

namespace weft::prober {

class LocalEndpoint {
 public:
  // Never fails: what is missing is said in found().
  LocalEndpoint(std::uint32_t number, const Endpoint& expected);

  std::uint32_t number() const { return found_.endpoint; }
  const Found& found() const { return found_; }
  void listens_at(std::uint16_t tcp_port4, std::uint16_t tcp_port6) {
    found_.tcp_port4 = tcp_port4;
    found_.tcp_port6 = tcp_port6;
  }
  int device_index() const { return device_index_; }
  // It has a namespace and a device.
  bool is_usable() const { return found_.trouble.empty(); }

  // The process is in its namespace from now on, until another is entered: sockets that are opened belong there.
  void enter() const;

 private:
  void look(const Endpoint& expected);

  UniqueFd netns_;
  int device_index_ = 0;
  Found found_;
};
using LocalEndpoints = std::vector<LocalEndpoint>;

}  // namespace weft::prober
